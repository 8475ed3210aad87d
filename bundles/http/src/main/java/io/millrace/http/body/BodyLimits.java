package io.millrace.http.body;

import java.time.Duration;

/**
 * What the body of a request or of an answer may be.
 *
 * @param maxBytes largest body of a request; one byte more is refused with 413
 * @param minBytesPerSecond least rate, while the server waits for the peer; 0 means any
 * @param grace time by which a peer may fall behind the rate
 * @param longest time that the server waits for one body of a request, however fast it comes
 */
public record BodyLimits(long maxBytes, int minBytesPerSecond, Duration grace, Duration longest) {}
