package io.millrace.kernel.gateway.carry;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.payment.Payer;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.math.BigInteger;
import java.util.Optional;

/** Whoever pays now, and nothing is paid when there is nobody. */
public final class Purse {

    private final Leased<Payer> payers;
    private final Payer free = new FreePayer();

    /** The best of these pays. */
    public Purse(Leased<Payer> payers) {
        this.payers = payers;
    }

    /**
     * Sets money aside for one submission.
     *
     * @throws io.millrace.api.value.Fault when the account cannot pay
     */
    Staged stage(Offer offer, BigInteger units) {
        for (Payer payer : payers.instances()) {
            Optional<Lease<Payer>> lease = payers.take(payer);
            if (lease.isPresent()) {
                try {
                    return new Staged(spend(payer, offer, units), lease.get()::close);
                } catch (RuntimeException e) {
                    lease.get().close();
                    throw e;
                }
            }
        }
        return new Staged(spend(free, offer, units), () -> {});
    }

    private static Payer.Spend spend(Payer payer, Offer offer, BigInteger units) {
        throw new IllegalStateException("being redesigned");
    }

    /** Money set aside. What was not settled by the time it is closed was lost. Not thread-safe. */
    static final class Staged implements AutoCloseable {
        private final Payer.Spend spend;
        private final Runnable release;
        private Payer.Settled outcome = new Payer.Settled.Lost();
        private boolean closed;

        Staged(Payer.Spend spend, Runnable release) {
            this.spend = spend;
            this.release = release;
        }

        Payment payment() {
            return spend.payment();
        }

        void became(Payer.Settled newOutcome) {
            outcome = newOutcome;
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                spend.settle(outcome);
            } finally {
                release.run();
            }
        }
    }
}
