package io.millrace.kernel.orchestrator;

/** The texts of the wire. Gateways of the network compare some of them, so none is reworded. */
final class Texts {

    /** As many sessions as allowed. */
    static final String CAPPED = "OrchestratorCapped";
    /** The session's queue is full. */
    static final String BUSY = "OrchestratorBusy";
    /** No pipeline to work on. */
    static final String NO_PIPELINE = "ErrTranscoderUnavailable";
    /** The work was given up. */
    static final String STOPPED = "TranscoderStopped";
    /** The work was not done in time. */
    static final String TOO_LONG = "Remote transcoder took too long";
    /** Other renditions than asked for. */
    static final String MISMATCHED = "MismatchedSegments";
    /** A rendition without content. */
    static final String ZERO = "ZeroSegments";
    /** A segment longer than allowed. */
    static final String DURATION = "invalid duration";
    /** A capability is missing. */
    static final String INCOMPATIBLE = "incompatible capabilities";
    /** The pipeline broke; the log says how. */
    static final String BROKEN = "the pipeline failed";
    /** The node takes nothing new. */
    static final String DRAINING = "this orchestrator finishes what it has and takes nothing new";

    private Texts() {}
}
