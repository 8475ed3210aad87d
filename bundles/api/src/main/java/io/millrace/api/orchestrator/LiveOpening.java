package io.millrace.api.orchestrator;

/** What became of asking for a live session. */
public sealed interface LiveOpening permits LiveOpening.Opened, Refusal {

    /** It runs. */
    record Opened(LiveSession session) implements LiveOpening {}
}
