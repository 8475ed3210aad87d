package io.millrace.testkit;

import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.value.Address;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.SessionId;
import io.millrace.api.value.Wei;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Events for tests of listeners, with any content. What each part means is said at {@link NodeEvent}. Two of them are
 * equal when they say the same; a running node makes records of its own, to which these are not equal.
 */
public final class SampleEvents {

    private SampleEvents() {}

    /** See {@link NodeEvent.StreamStarted}. */
    public record StreamStarted(ManifestId manifest, String origin, List<String> renditions, boolean resumed)
            implements NodeEvent.StreamStarted {

        /** Copies what is listed. */
        public StreamStarted {
            renditions = List.copyOf(renditions);
        }
    }

    /** See {@link NodeEvent.StreamEnded}. */
    public record StreamEnded(ManifestId manifest, long segments, long dropped) implements NodeEvent.StreamEnded {}

    /** See {@link NodeEvent.Selected}. */
    public record Selected(ManifestId manifest, long sequence, URI chosen, List<Ranked> candidates)
            implements NodeEvent.Selected {

        /** Copies what is listed. */
        public Selected {
            candidates = List.copyOf(candidates);
        }
    }

    /** See {@link NodeEvent.AttemptFailed}. */
    public record AttemptFailed(ManifestId manifest, long sequence, URI orchestrator, String reason)
            implements NodeEvent.AttemptFailed {}

    /** See {@link NodeEvent.Suspended}. */
    public record Suspended(URI orchestrator, String reason) implements NodeEvent.Suspended {}

    /** See {@link NodeEvent.SegmentSettled}. */
    public record SegmentSettled(
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
            implements NodeEvent.SegmentSettled {

        /** Copies what is listed. */
        public SegmentSettled {
            renditions = List.copyOf(renditions);
            bytes = List.copyOf(bytes);
        }
    }

    /** See {@link NodeEvent.SessionStarted}. */
    public record SessionStarted(SessionId session, ManifestId manifest) implements NodeEvent.SessionStarted {}

    /** See {@link NodeEvent.SessionEnded}. */
    public record SessionEnded(SessionId session, long segments, String reason) implements NodeEvent.SessionEnded {}

    /** See {@link NodeEvent.JobServed}. */
    public record JobServed(
            SessionId session,
            String pipeline,
            long sequence,
            Duration duration,
            Duration waited,
            Duration took,
            long units,
            Optional<String> error,
            List<String> renditions)
            implements NodeEvent.JobServed {

        /** Copies what is listed. */
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

    /** See {@link NodeEvent.JobRefused}. */
    public record JobRefused(String reason, String message) implements NodeEvent.JobRefused {}

    /** See {@link NodeEvent.Misbehaved}. */
    public record Misbehaved(String bundle, String port, String what, boolean setAside)
            implements NodeEvent.Misbehaved {}

    /** See {@link NodeEvent.PaymentStaged}. */
    public record PaymentStaged(Address recipient, int tickets, Rational value, Optional<String> error)
            implements NodeEvent.PaymentStaged {}

    /** See {@link NodeEvent.PaymentReceived}. */
    public record PaymentReceived(Address sender, int tickets, Rational value, int winners, Optional<String> error)
            implements NodeEvent.PaymentReceived {}

    /** See {@link NodeEvent.PriceQuoted}. */
    public record PriceQuoted(Address sender, Price price) implements NodeEvent.PriceQuoted {}

    /** See {@link NodeEvent.TicketRedeemed}. */
    public record TicketRedeemed(Address sender, Wei paid, Optional<String> error)
            implements NodeEvent.TicketRedeemed {}
}
