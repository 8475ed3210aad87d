package io.millrace.kernel.event;

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

/** The events as the kernel makes them. What each part means is said at {@link NodeEvent}. */
public final class KernelEvents {

    private KernelEvents() {}

    /** A stream that began or went on. */
    public record StreamStarted(ManifestId manifest, String origin, List<String> renditions, boolean resumed)
            implements NodeEvent.StreamStarted {

        /** Copies what is listed. */
        public StreamStarted {
            renditions = List.copyOf(renditions);
        }
    }

    /** A stream that ended. */
    public record StreamEnded(ManifestId manifest, long segments, long dropped) implements NodeEvent.StreamEnded {}

    /** A choice among orchestrators. */
    public record Selected(ManifestId manifest, long sequence, URI chosen, List<Ranked> candidates)
            implements NodeEvent.Selected {

        /** Copies what is listed. */
        public Selected {
            candidates = List.copyOf(candidates);
        }
    }

    /** An attempt that failed. */
    public record AttemptFailed(ManifestId manifest, long sequence, URI orchestrator, String reason)
            implements NodeEvent.AttemptFailed {}

    /** An orchestrator that is left alone for a while. */
    public record Suspended(URI orchestrator, String reason) implements NodeEvent.Suspended {}

    /** A segment that was settled. */
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

    /** A session that began. */
    public record SessionStarted(SessionId session, ManifestId manifest) implements NodeEvent.SessionStarted {}

    /** A session that ended. */
    public record SessionEnded(SessionId session, long segments, String reason) implements NodeEvent.SessionEnded {}

    /** A job that was done. */
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

    /** A job that was refused. */
    public record JobRefused(String reason, String message) implements NodeEvent.JobRefused {}

    /** Somebody's code that failed. */
    public record Misbehaved(String bundle, String port, String what, boolean setAside)
            implements NodeEvent.Misbehaved {}

    /** Money that was set aside, or not. */
    public record PaymentStaged(Address recipient, int tickets, Rational value, Optional<String> error)
            implements NodeEvent.PaymentStaged {}

    /** A payment that was taken, or not. */
    public record PaymentReceived(Address sender, int tickets, Rational value, int winners, Optional<String> error)
            implements NodeEvent.PaymentReceived {}

    /** A price that a gateway was quoted. */
    public record PriceQuoted(Address sender, Price price) implements NodeEvent.PriceQuoted {}

    /** A try to redeem a ticket. */
    public record TicketRedeemed(Address sender, Wei paid, Optional<String> error)
            implements NodeEvent.TicketRedeemed {}
}
