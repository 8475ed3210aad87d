package io.millrace.media.push;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of request bodies may be in memory at once, all pushes together. */
final class BodyBudget {

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    BodyBudget(long limit) {
        this.limit = limit;
    }

    /** Takes {@code bytes} more, or says that there is no room. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= limit) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    /** Gives {@code bytes} back. */
    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Bytes taken now. */
    long taken() {
        return taken.get();
    }
}
