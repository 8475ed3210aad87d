package io.millrace.api.node;

import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Something that happened. Metrics, logs, pages and event streams are made from these. */
public sealed interface NodeEvent {

    /** A stream began or went on after its publisher returned. */
    record StreamStarted(ManifestId manifest, String origin, List<String> renditions, boolean resumed)
            implements NodeEvent {}

    /** A stream ended. */
    record StreamEnded(ManifestId manifest, long segments, long dropped) implements NodeEvent {}

    /** An orchestrator was chosen for a segment: who else was there and what decided. */
    record Selected(ManifestId manifest, long sequence, URI chosen, List<Ranked> candidates) implements NodeEvent {

        /** Copies the candidates. */
        public Selected {
            candidates = List.copyOf(candidates);
        }
    }

    /** An attempt failed and another may follow. */
    record AttemptFailed(ManifestId manifest, long sequence, URI orchestrator, String reason) implements NodeEvent {}

    /** An orchestrator is left alone for a while. */
    record Suspended(URI orchestrator, String reason) implements NodeEvent {}

    /**
     * A segment of a stream was settled.
     *
     * @param outcome {@code transcoded}, {@code untranscodable}, {@code no-session} or {@code dropped}
     * @param reason empty when it was transcoded
     * @param bytes sizes of the renditions, in profile order
     * @param took from hand-in to the last rendition
     * @param work what of it the orchestrator took
     */
    record SegmentSettled(
            ManifestId manifest,
            long sequence,
            Duration duration,
            String outcome,
            String reason,
            Optional<URI> orchestrator,
            long sourceBytes,
            List<String> renditions,
            List<Integer> bytes,
            Duration took,
            Duration work,
            int attempts)
            implements NodeEvent {}

    /** An orchestrator's session began. */
    record SessionStarted(SessionId session, ManifestId manifest) implements NodeEvent {}

    /** An orchestrator's session ended. */
    record SessionEnded(SessionId session, long segments, String reason) implements NodeEvent {}

    /**
     * This orchestrator did a job.
     *
     * @param renditions names of what a segment was made into; empty for any other job
     */
    record JobServed(
            SessionId session,
            String pipeline,
            long sequence,
            Duration duration,
            Duration waited,
            Duration took,
            long units,
            Optional<String> error,
            List<String> renditions)
            implements NodeEvent {

        /** Copies the renditions. */
        public JobServed {
            renditions = List.copyOf(renditions);
        }

        /** A job that is no segment. */
        public JobServed(
                SessionId session,
                String pipeline,
                long sequence,
                Duration duration,
                Duration waited,
                Duration took,
                long units,
                Optional<String> error) {
            this(session, pipeline, sequence, duration, waited, took, units, error, List.of());
        }
    }

    /** This orchestrator said no. */
    record JobRefused(String reason, String message) implements NodeEvent {}

    /**
     * Somebody's code that this node called failed, or did not return in time. The work went on without it
     * where that was possible.
     *
     * @param bundle symbolic name and version of whose it is
     * @param port what it is there for: {@code pipeline}, {@code publisher}
     * @param what one line
     * @param setAside it is not called any more until calls that hang have returned
     */
    record Misbehaved(String bundle, String port, String what, boolean setAside) implements NodeEvent {}
}
