package io.millrace.http;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that never jumps, whatever is done to the machine's clock. It measures how long peers take and tells no
 * date.
 */
final class MonotonicClock implements InstantSource {

    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - startNanos);
    }
}
