package io.millrace.api.job;

import io.millrace.api.value.Fault.Consequence;

/**
 * Work that was accepted and did not succeed.
 *
 * @param kind what it means for the caller
 * @param reason what happened, where the orchestrator itself found it
 * @param message for a person; for {@link Reason#SAID} the text of the wire, exact
 */
public record Failure(Kind kind, Reason reason, String message) {

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
        /** Its answer broke off: it may have been done, and would be done and paid a second time elsewhere. */
        BROKEN_OFF(Consequence.GIVE_UP),
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

    /** What happened. A transport has its network's own text for each, except for {@link #SAID}. */
    public enum Reason {
        /** The pipeline or a remote peer said the message, which is passed on as it is. */
        SAID,
        /** The pipeline has no room for another session. */
        CAPPED,
        /** The node has no memory for the result. */
        BUSY,
        /** No pipeline is there that can do the job. */
        NO_PIPELINE,
        /** The pipeline threw, or returned nothing. */
        BROKEN,
        /** The job was not done in time. */
        LATE,
        /** The job was given up, or the node stops. */
        STOPPED,
        /** There are more or fewer renditions than were asked for. */
        MISMATCHED,
        /** A rendition is empty. */
        EMPTY
    }

    /** A failure whose message goes over the wire as it is. */
    public Failure(Kind kind, String message) {
        this(kind, Reason.SAID, message);
    }
}
