package io.millrace.kernel.gateway;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Payer.Declined;
import io.millrace.api.payment.Payer.Declined.Reason;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.payment.Payer.Spend;
import io.millrace.api.payment.Payer.Staging;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Whoever pays now. Off-chain nothing is paid when there is no payer. A gateway that is on-chain waits for a payer
 * that is being replaced, for as long as the replacement of a bundle may take, and then cannot pay: it never falls
 * back to paying nothing. Thread-safe.
 */
final class Payments {

    private static final System.Logger LOG = System.getLogger(Payments.class.getName());

    private static final Spend NOTHING = new Spend() {
        @Override
        public Payment payment() {
            return Payment.NONE;
        }

        @Override
        public void settle(Settled outcome) {
            // nothing was set aside
        }
    };

    private final Leased<Payer> payers;
    private final BooleanSupplier onChain;

    Payments(Leased<Payer> payers, BooleanSupplier onChain) {
        this.payers = payers;
        this.onChain = onChain;
    }

    /** What keeps a gateway that is on-chain from paying; empty when nothing does. */
    Optional<String> obstacle() {
        if (!onChain.getAsBoolean()) {
            return Optional.empty();
        }
        Optional<Lease<Payer>> now = payers.takeNow(payer -> true);
        if (now.isEmpty()) {
            return Optional.of("nobody is paid, and nothing is sent to orchestrators: nothing is installed that pays");
        }
        try (Lease<Payer> lease = now.get()) {
            return lease.get().obstacle().map(what -> "nobody is paid, and nothing is sent to orchestrators: " + what);
        } catch (RuntimeException e) {
            return Optional.of("nobody may be paid: the payer of " + now.get().provider().name() + " failed: " + e);
        }
    }

    /** Limits of spending and how they are used; none when that is not known. */
    List<SpendLimit> limits() {
        Optional<Lease<Payer>> now = payers.takeNow(payer -> true);
        if (now.isEmpty()) {
            return List.of();
        }
        try (Lease<Payer> lease = now.get()) {
            return lease.get().limits();
        } catch (RuntimeException e) {
            // who fails here is told as an obstacle
            return List.of();
        }
    }

    /** Sets money aside for one submission; what is set aside is settled exactly once. Throws nothing. */
    Staging stage(Payer.Request request, Deadline deadline) {
        Lease<Payer> lease;
        try {
            Optional<Lease<Payer>> now = payers.takeNow(payer -> true);
            if (now.isEmpty() && !onChain.getAsBoolean()) {
                return NOTHING;
            }
            lease = now.isPresent() ? now.get() : payers.take(deadline);
        } catch (Fault e) {
            return new Declined(Reason.UNAVAILABLE, "nothing can be paid now: " + e.getMessage());
        }
        try {
            return switch (lease.get().stage(request, deadline)) {
                case Declined declined -> {
                    lease.close();
                    yield declined;
                }
                case Spend spend -> new LeasedSpend(spend, lease);
            };
        } catch (RuntimeException e) {
            lease.close();
            LOG.log(Level.ERROR, "The payer of " + lease.provider().name() + " failed", e);
            return new Declined(Reason.UNAVAILABLE, "the payer failed: " + e);
        }
    }

    /** Money of a payer that may be replaced meanwhile. */
    private record LeasedSpend(Spend spend, Lease<Payer> lease) implements Spend {

        @Override
        public Payment payment() {
            return spend.payment();
        }

        /** What goes wrong with the books is for the operator; the job that was done stays done. */
        @Override
        public void settle(Settled outcome) {
            try (lease) {
                spend.settle(outcome);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "The payer of " + lease.provider().name() + " did not settle " + outcome, e);
            }
        }
    }
}
