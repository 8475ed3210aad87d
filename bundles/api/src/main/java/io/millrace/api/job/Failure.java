package io.millrace.api.job;

import io.millrace.api.value.Fault.Consequence;

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
        INPUT(Consequence.GIVE_UP),
        /** No room now; not a fault of the peer. */
        BUSY(Consequence.BUSY),
        /** The peer failed; another may succeed. */
        PEER(Consequence.SUSPEND_PEER),
        /** Not in time. */
        TIMEOUT(Consequence.SUSPEND_PEER),
        /** The caller gave up. */
        CANCELLED(Consequence.GIVE_UP);

        private final Consequence consequence;

        Kind(Consequence consequence) {
            this.consequence = consequence;
        }

        /** What the caller does next. */
        public Consequence consequence() {
            return consequence;
        }
    }
}
