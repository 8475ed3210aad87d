package io.millrace.api.value;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The instant after which nobody waits any longer. Every call that may block takes one. */
public record Deadline(Instant at) {

    /** {@code timeout} from now on {@code clock}. */
    public static Deadline in(Duration timeout, InstantSource clock) {
        return new Deadline(clock.instant().plus(timeout));
    }

    /** What is left, never negative. */
    public Duration remaining(InstantSource clock) {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether nothing is left. */
    public boolean expired(InstantSource clock) {
        return !clock.instant().isBefore(at);
    }

    /** The earlier of the two. */
    public Deadline orEarlier(Deadline other) {
        return at.isBefore(other.at) ? this : other;
    }
}
