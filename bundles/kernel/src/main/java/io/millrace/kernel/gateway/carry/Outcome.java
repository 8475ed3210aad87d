package io.millrace.kernel.gateway.carry;

import java.net.URI;
import java.time.Duration;

/** How a job ended after all attempts. */
public sealed interface Outcome<T> {

    /** How many attempts were made. */
    int attempts();

    /**
     * It was done.
     *
     * @param work how long the orchestrator had the job
     */
    record Success<T>(T value, URI orchestrator, Duration work, int attempts) implements Outcome<T> {}

    /** It cannot be done by anybody: the job is at fault. */
    record Hopeless<T>(String message, int attempts) implements Outcome<T> {}

    /** All attempts failed, the last one with this message. */
    record Exhausted<T>(String message, int attempts) implements Outcome<T> {}

    /** Nobody serves now. */
    record NoSession<T>(String message, int attempts) implements Outcome<T> {}

    /** It was given up. */
    record Cancelled<T>(int attempts) implements Outcome<T> {}
}
