package io.millrace.http;

import java.time.Instant;
import java.time.InstantSource;

/** Time that never jumps, whatever is done to the machine's clock: for measuring peers, not for dates. */
final class MonotonicClock implements InstantSource {

    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - startNanos);
    }
}
