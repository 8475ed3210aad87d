package io.millrace.api.value;

/**
 * The one technical failure. Expected refusals are return values; a fault says what went wrong and,
 * by its consequence, what the caller does next, so that no caller switches on names or texts.
 */
public final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Consequence consequence;

    /** What the caller does next. */
    public enum Consequence {
        /** The same call to the same peer may succeed: try again within the deadline. */
        RETRY_HERE,
        /** This peer cannot, another may. */
        RETRY_ELSEWHERE,
        /** This peer misbehaves: leave it alone for a while. */
        SUSPEND_PEER,
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
