package io.millrace.api.value;

/**
 * The one technical failure. Expected refusals are return values; a fault says what went wrong and,
 * by its consequence, what the caller does next, so that no caller switches on names or texts.
 */
public final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Consequence consequence;

    /**
     * What the caller does next. Refusals and failures that are values carry the same: see
     * {@link io.millrace.api.orchestrator.Refusal.Reason#consequence()} and
     * {@link io.millrace.api.job.Failure.Kind#consequence()}.
     */
    public enum Consequence {
        /** The same call to the same peer may succeed: try again within the deadline. */
        RETRY_HERE,
        /** The offer no longer holds: ask the same peer for a new one and hand the same job in again. */
        RENEW_OFFER,
        /** The peer is full, which is no fault of it: another one now, this one later. */
        BUSY,
        /** This peer cannot, another may. */
        RETRY_ELSEWHERE,
        /** This peer misbehaves: leave it alone for a while. */
        SUSPEND_PEER,
        /** The job itself is at fault, or nobody waits for it any more: nobody is asked again. */
        GIVE_UP,
        /** The node cannot go on: its data or its configuration is broken. */
        STOP_NODE
    }

    /** A fault with a message for a person. */
    public Fault(Consequence consequence, String message) {
        super(message);
        this.consequence = consequence;
    }

    /** A fault with its cause. */
    public Fault(Consequence consequence, String message, Throwable cause) {
        super(message, cause);
        this.consequence = consequence;
    }

    /** What the caller does next. */
    public Consequence consequence() {
        return consequence;
    }
}
