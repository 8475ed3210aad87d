package io.millrace.kernel.gateway.carry;

import io.millrace.api.orchestrator.Offer;
import java.time.Duration;
import java.util.Optional;

/** How one attempt ended. */
public sealed interface Tried<T> {

    /**
     * It succeeded.
     *
     * @param work how long the orchestrator had the job
     */
    record Good<T>(T value, Duration work, Optional<Offer> next) implements Tried<T> {}

    /** It failed; the message is for a person, or the exact text of the wire. */
    record Bad<T>(Verdict verdict, String message, Optional<Offer> next) implements Tried<T> {

        /** Failed without a next offer. */
        public Bad(Verdict verdict, String message) {
            this(verdict, message, Optional.empty());
        }
    }
}
