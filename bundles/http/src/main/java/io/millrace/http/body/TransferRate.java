package io.millrace.http.body;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast a peer brings or takes bytes, measured only while the server waits for it. A peer may fall behind the least
 * rate by the grace; what it did faster before does not count, so that it cannot stand still for long after a quick
 * start.
 */
final class TransferRate {

    private static final double MILLIS = 1000.0;

    private final BodyLimits limits;
    private Duration waited = Duration.ZERO;
    private double behindMillis;
    private Instant since;

    TransferRate(BodyLimits limits) {
        this.limits = limits;
    }

    /** The server begins to wait, or goes on waiting. */
    void waits(Instant now) {
        if (since == null) {
            since = now;
        }
    }

    /** Bytes have come or gone, and the server waits no more. */
    void moved(long bytes, Instant now) {
        Duration waiting = waiting(now);
        waited = waited.plus(waiting);
        behindMillis = Math.max(0, behindMillis + waiting.toMillis() - waitAllowedMillis(bytes));
        since = null;
    }

    boolean isWaiting() {
        return since != null;
    }

    private Duration waiting(Instant now) {
        return since == null ? Duration.ZERO : Duration.between(since, now);
    }

    /** All waiting up to now. */
    Duration waited(Instant now) {
        return waited.plus(waiting(now));
    }

    /**
     * Whether the server has waited too long for a peer that it waits for now.
     *
     * @param pending bytes that the server cannot see moving while it waits for them
     */
    boolean tooSlow(long pending, Instant now) {
        return limits.minBytesPerSecond() > 0
                && since != null
                && behindMillis + waiting(now).toMillis() - waitAllowedMillis(pending) > limits.grace().toMillis();
    }

    private double waitAllowedMillis(long bytes) {
        return limits.minBytesPerSecond() == 0 ? 0 : bytes * MILLIS / limits.minBytesPerSecond();
    }
}
