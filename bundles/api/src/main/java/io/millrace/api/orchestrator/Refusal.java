package io.millrace.api.orchestrator;

/**
 * An expected "no", with its reason. The transport gives it the status and text of the wire.
 *
 * @param reason from a closed vocabulary
 * @param message for a person
 */
public record Refusal(Reason reason, String message) implements Quote, Submission, LiveOpening {

    /** Why not. */
    public enum Reason {
        /** As many sessions as allowed are running. */
        CAPPED,
        /** The session's queue is full. */
        BUSY,
        /** A needed capability is missing. */
        INCOMPATIBLE,
        /** No pipeline is there now. */
        UNAVAILABLE,
        /** The node finishes what it has and takes nothing new. */
        DRAINING,
        /** The request's parameters are wrong. */
        MALFORMED,
        /** The signature is not the sender's. */
        SIGNATURE,
        /** No token came with the job. */
        TOKEN_MISSING,
        /** The token is not one of ours. */
        TOKEN_INVALID,
        /** The token was ours, too long ago. */
        TOKEN_EXPIRED,
        /** The payment cannot be accepted. */
        PAYMENT,
        /** The body is not what its hash says. */
        BODY_MISMATCH,
        /** The body is over the limit. */
        BODY_TOO_LARGE,
        /** The body broke off. */
        BODY_UNREADABLE;

        /** Whether the peer is merely full: never counted as a fault of its own. */
        public boolean isBusy() {
            return this == CAPPED || this == BUSY || this == DRAINING;
        }
    }
}
