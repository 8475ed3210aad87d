package io.millrace.kernel.gateway;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.payment.Payer;
import io.millrace.api.value.Deadline;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Pays nothing and remembers what became of it; a payment that is settled twice is an error. */
final class RecordingPayer implements Payer {

    final List<BigInteger> staged = new CopyOnWriteArrayList<>();
    final List<Settled> settled = new CopyOnWriteArrayList<>();
    volatile boolean broke;

    /** Waits until so many are settled, and tells how. */
    synchronized List<Settled> awaitSettled(int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (settled.size() < count) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(settled.size() + " of " + count + " payments are settled");
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return List.copyOf(settled);
    }

    private synchronized void add(Settled outcome) {
        settled.add(outcome);
        notifyAll();
    }

    @Override
    public Staging stage(Request request, Deadline deadline) {
        if (broke) {
            return new Declined(Declined.Reason.FUNDS, "the deposit is used up");
        }
        staged.add(request.units());
        return new Spend() {
            private boolean done;

            @Override
            public Payment payment() {
                return Payment.NONE;
            }

            @Override
            public synchronized void settle(Settled outcome) {
                if (done) {
                    throw new IllegalStateException("settled twice");
                }
                done = true;
                add(outcome);
            }
        };
    }
}
