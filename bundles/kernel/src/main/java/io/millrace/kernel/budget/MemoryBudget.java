package io.millrace.kernel.budget;

import io.millrace.api.resource.Budget;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A budget that counts in memory, against a limit that may change. Thread-safe, without a lock. */
public class MemoryBudget implements Budget {

    private final LongSupplier limit;
    private final AtomicLong used = new AtomicLong();

    /** A budget of as many bytes as {@code limit} says at each moment. */
    public MemoryBudget(LongSupplier limit) {
        this.limit = limit;
    }

    @Override
    public final long limit() {
        return limit.getAsLong();
    }

    @Override
    public final long used() {
        return used.get();
    }

    @Override
    public final Charge open(String purpose) {
        return new MemoryCharge();
    }

    private final class MemoryCharge implements Charge {

        private long held;
        private boolean closed;

        @Override
        public synchronized boolean add(long bytes) {
            if (closed) {
                throw new IllegalStateException("the charge was closed");
            }
            long counted = counted(bytes);
            if (used.addAndGet(counted) > limit.getAsLong()) {
                used.addAndGet(-counted);
                return false;
            }
            held += counted;
            return true;
        }

        @Override
        public synchronized void remove(long bytes) {
            if (closed) {
                return;
            }
            long counted = Math.min(counted(bytes), held);
            held -= counted;
            used.addAndGet(-counted);
        }

        @Override
        public synchronized long held() {
            return held;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                used.addAndGet(-held);
                held = 0;
            }
        }

        private static long counted(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("a number of bytes is not negative: " + bytes);
            }
            return bytes + PIECE_OVERHEAD;
        }
    }
}
