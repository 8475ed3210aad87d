package io.millrace.http.body;

import java.time.Duration;

/**
 * What a request body may be.
 *
 * @param maxBytes largest body; one byte more is refused with 413
 * @param minBytesPerSecond least average rate, over the time in which the server waited for the body; 0 means any
 * @param grace waiting that is allowed before the rate counts
 */
public record BodyLimits(long maxBytes, int minBytesPerSecond, Duration grace) {

    /** Whether a body of which so much arrived in so much waiting is too slow to wait for. */
    boolean tooSlow(long bytes, Duration waited) {
        return waited.compareTo(grace) > 0 && bytes * 1000.0 < (double) minBytesPerSecond * waited.toMillis();
    }
}
