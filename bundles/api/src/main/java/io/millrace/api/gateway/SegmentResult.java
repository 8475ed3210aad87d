package io.millrace.api.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** How a segment ended. */
public sealed interface SegmentResult {

    /**
     * All renditions are here.
     *
     * @param renditions in profile order
     * @param orchestrator who made them
     * @param took from choosing the orchestrator to the last rendition
     */
    record Transcoded(List<Rendition> renditions, URI orchestrator, Duration took) implements SegmentResult {

        /** Copies the renditions. */
        public Transcoded {
            renditions = List.copyOf(renditions);
        }
    }

    /** Nobody could: the input is at fault, or every attempt failed. */
    record Untranscodable(String message) implements SegmentResult {}

    /** No orchestrator serves. */
    record NoSession(String message) implements SegmentResult {}

    /** Not worked on: work came faster than it was done, or the stream ended. */
    record Dropped(String message) implements SegmentResult {}
}
