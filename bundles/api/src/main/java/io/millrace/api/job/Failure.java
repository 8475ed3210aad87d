package io.millrace.api.job;

/**
 * Work that was accepted and did not succeed.
 *
 * @param kind what it means for the caller
 * @param message the text of the wire, exact
 */
public record Failure(Kind kind, String message) {

    /** What a failure means for the caller. */
    public enum Kind {
        /** The input is at fault: every orchestrator would fail the same way. */
        INPUT,
        /** No room now; not a fault of the peer. */
        BUSY,
        /** The peer failed; another may succeed. */
        PEER,
        /** Not in time. */
        TIMEOUT,
        /** The caller gave up. */
        CANCELLED
    }
}
