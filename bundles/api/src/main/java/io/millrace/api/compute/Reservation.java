package io.millrace.api.compute;

/** What became of asking a pipeline for capacity. */
public sealed interface Reservation permits PipelineSession, Reservation.Capped {

    /** No room for another session. */
    record Capped(String message) implements Reservation {}
}
