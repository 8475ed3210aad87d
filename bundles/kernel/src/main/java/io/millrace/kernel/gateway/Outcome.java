package io.millrace.kernel.gateway;

import io.millrace.api.job.Failure;
import java.net.URI;
import java.time.Duration;

/**
 * How a job ended after all attempts.
 *
 * @param <T> what was made: a completion, or a live session
 */
sealed interface Outcome<T> {

    /** How many attempts were made. Being turned away by a full orchestrator is none. */
    int attempts();

    /**
     * It was done.
     *
     * @param work how long the orchestrator had the job
     */
    record Done<T>(T value, URI orchestrator, Duration work, int attempts) implements Outcome<T> {}

    /**
     * Nobody else is asked: the job is at fault, cannot be paid, or may have been done.
     *
     * @param kind says which
     */
    record Hopeless<T>(Failure.Kind kind, String message, int attempts) implements Outcome<T> {}

    /** All attempts failed, the last one with this message. */
    record Exhausted<T>(String message, int attempts) implements Outcome<T> {}

    /** Nobody serves now. */
    record Nobody<T>(String message, int attempts) implements Outcome<T> {}

    /** It was given up by who wanted it. */
    record Cancelled<T>(int attempts) implements Outcome<T> {}
}
