package io.millrace.testkit;

import io.millrace.api.resource.Budget;
import java.util.concurrent.atomic.AtomicLong;

/** A budget of a fixed number of bytes, which a test can change. */
public final class InMemoryBudget implements Budget {

    private final AtomicLong used = new AtomicLong();
    private volatile long limit;

    /** A budget of so many bytes. */
    public InMemoryBudget(long limit) {
        this.limit = limit;
    }

    /** A budget that is never full in a test. */
    public static InMemoryBudget ample() {
        return new InMemoryBudget(1L << 40);
    }

    /** From now on there are so many bytes. */
    public void limit(long newLimit) {
        limit = newLimit;
    }

    @Override
    public long limit() {
        return limit;
    }

    @Override
    public long used() {
        return used.get();
    }

    @Override
    public Charge open(String purpose) {
        return new Charge() {
            private final AtomicLong held = new AtomicLong();
            private volatile boolean closed;

            @Override
            public boolean add(long bytes) {
                if (closed) {
                    throw new IllegalStateException("the charge was closed");
                }
                if (bytes < 0) {
                    throw new IllegalArgumentException("negative: " + bytes);
                }
                long counted = bytes + PIECE_OVERHEAD;
                if (used.addAndGet(counted) > limit) {
                    used.addAndGet(-counted);
                    return false;
                }
                held.addAndGet(counted);
                return true;
            }

            @Override
            public void remove(long bytes) {
                long counted = Math.min(held.get(), bytes + PIECE_OVERHEAD);
                held.addAndGet(-counted);
                used.addAndGet(-counted);
            }

            @Override
            public long held() {
                return held.get();
            }

            @Override
            public void close() {
                closed = true;
                used.addAndGet(-held.getAndSet(0));
            }
        };
    }
}
