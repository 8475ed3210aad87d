package io.millrace.api.orchestrator;

import io.millrace.api.job.LivePorts;

/** What became of asking for a live session. */
public sealed interface LiveOpening permits LiveOpening.Opened, Refusal {

    /** It runs; closing the ports ends it. */
    record Opened(LivePorts ports) implements LiveOpening {}
}
