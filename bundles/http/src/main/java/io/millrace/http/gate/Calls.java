package io.millrace.http.gate;

import java.util.concurrent.atomic.AtomicInteger;

/** The calls of a server, of which there may be so many at a time; the bound may change at any moment. */
final class Calls {

    private final AtomicInteger inside = new AtomicInteger();
    private volatile GateLimits limits;

    Calls(GateLimits limits) {
        this.limits = limits;
    }

    GateLimits limits() {
        return limits;
    }

    /** Calls beyond a lower bound are served all the same; new ones wait until they are below it. */
    void limits(GateLimits next) {
        limits = next;
    }

    /** False when there is no room; otherwise {@link #leave()} is owed. */
    boolean enter() {
        int most = limits.maxCalls();
        int before = inside.getAndUpdate(now -> now < most ? now + 1 : now);
        return before < most;
    }

    void leave() {
        inside.decrementAndGet();
    }
}
