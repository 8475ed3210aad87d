package io.millrace.api.node;

import io.millrace.api.network.SelectionPolicy.Ranked;
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
import org.osgi.annotation.versioning.ProviderType;

/**
 * Something that happened. Metrics, logs, pages and event streams are made from these. Events are immutable. Later
 * versions may say more of an event by a further method; tests of listeners find a record of each in the testkit.
 */
@ProviderType
public sealed interface NodeEvent {

    /** A stream began or went on after its publisher returned. */
    @ProviderType
    non-sealed interface StreamStarted extends NodeEvent {

        /** The stream. */
        ManifestId manifest();

        /** How it came, such as {@code rtmp} or {@code http}. */
        String origin();

        /** Names of the renditions wanted, in profile order; empty when only the source is published. */
        List<String> renditions();

        /** Whether it is a stream that went on after its publisher returned. */
        boolean resumed();
    }

    /** A stream ended. */
    @ProviderType
    non-sealed interface StreamEnded extends NodeEvent {

        /** The stream. */
        ManifestId manifest();

        /** How many segments it had, dropped ones included. */
        long segments();

        /** How many of them were given up, because the stream ended or fell too far behind. */
        long dropped();
    }

    /** An orchestrator was chosen for a segment: who else was there and what decided. */
    @ProviderType
    non-sealed interface Selected extends NodeEvent {

        /** The stream. */
        ManifestId manifest();

        /** The segment's number. */
        long sequence();

        /** The address of the orchestrator that was chosen. */
        URI chosen();

        /** All that could be chosen from, best first, each with its reason. */
        List<Ranked> candidates();
    }

    /** An attempt failed and another may follow. */
    @ProviderType
    non-sealed interface AttemptFailed extends NodeEvent {

        /** The stream. */
        ManifestId manifest();

        /** The segment's number. */
        long sequence();

        /** Who was asked. */
        URI orchestrator();

        /** What went wrong, one line. */
        String reason();
    }

    /** An orchestrator is left alone for a while. */
    @ProviderType
    non-sealed interface Suspended extends NodeEvent {

        /** Which one. */
        URI orchestrator();

        /** Why, one line. */
        String reason();
    }

    /** A segment of a stream was settled. */
    @ProviderType
    non-sealed interface SegmentSettled extends NodeEvent {

        /** The stream. */
        ManifestId manifest();

        /** The segment's number. */
        long sequence();

        /** The segment's length, as it was handed in. */
        Duration duration();

        /** {@code transcoded}, {@code untranscodable}, {@code no-session} or {@code dropped}. */
        String outcome();

        /** Why it was not transcoded; empty when it was transcoded. */
        String reason();

        /** Who transcoded it; empty when nobody did. */
        Optional<URI> orchestrator();

        /** Size of the segment as it was handed in, in bytes. */
        long sourceBytes();

        /** Names of the renditions wanted, in profile order. */
        List<String> renditions();

        /** Sizes of the renditions in bytes, in profile order; empty when it was not transcoded. */
        List<Integer> bytes();

        /** The time from hand-in until it was settled, which is when the last rendition is here. */
        Duration took();

        /** What of that time the orchestrator took; zero when it was not transcoded. */
        Duration work();

        /** How many attempts were made; orchestrators that were merely busy do not count. */
        int attempts();
    }

    /** An orchestrator's session began. */
    @ProviderType
    non-sealed interface SessionStarted extends NodeEvent {

        /** The session. */
        SessionId session();

        /** The stream that it is for. */
        ManifestId manifest();
    }

    /** An orchestrator's session ended. */
    @ProviderType
    non-sealed interface SessionEnded extends NodeEvent {

        /** The session. */
        SessionId session();

        /** How many jobs were done in it. */
        long segments();

        /** Why it ended, such as {@code idle}. */
        String reason();
    }

    /** This orchestrator did a job. */
    @ProviderType
    non-sealed interface JobServed extends NodeEvent {

        /** The session that it was done in. */
        SessionId session();

        /** Name of the pipeline that did it; empty when none did. */
        String pipeline();

        /** The segment's number; 0 for any other job. */
        long sequence();

        /** The length of what was worked on. */
        Duration duration();

        /** How long it waited for its turn. */
        Duration waited();

        /** How long the work itself took. */
        Duration took();

        /** What it cost, in the unit of the pipeline's price. */
        long units();

        /** What went wrong, one line; empty when it succeeded. */
        Optional<String> error();

        /** Names of what a segment was made into; empty for any other job. */
        List<String> renditions();
    }

    /** This orchestrator said no. */
    @ProviderType
    non-sealed interface JobRefused extends NodeEvent {

        /** Name of the {@link io.millrace.api.orchestrator.Refusal.Reason}. */
        String reason();

        /** The same for a person. */
        String message();
    }

    /**
     * Somebody's code that this node called failed, or did not return in time. The work went on without it
     * where that was possible.
     */
    @ProviderType
    non-sealed interface Misbehaved extends NodeEvent {

        /** Symbolic name and version of the bundle whose code it is. */
        String bundle();

        /** What the code is there for, such as {@code pipeline} or {@code publisher}. */
        String port();

        /** What happened, one line. */
        String what();

        /** Whether it is not called any more until calls that hang have returned. */
        boolean setAside();
    }

    /** This gateway set money aside for a job, or could not. */
    @ProviderType
    non-sealed interface PaymentStaged extends NodeEvent {

        /** Who is to be paid. */
        Address recipient();

        /** Tickets that go along; 0 where credit of earlier ones suffices. */
        int tickets();

        /** What these tickets are worth on average, in wei. */
        Rational value();

        /** Why nothing can be paid; empty when it can. */
        Optional<String> error();
    }

    /** This orchestrator was paid for a job, or refused the payment. */
    @ProviderType
    non-sealed interface PaymentReceived extends NodeEvent {

        /** Who pays. */
        Address sender();

        /** Tickets that came along, good or not. */
        int tickets();

        /** What was credited for them, in wei. */
        Rational value();

        /** How many of them won. */
        int winners();

        /** Why the job was not begun; empty when it was. */
        Optional<String> error();
    }

    /** This orchestrator offered a gateway to transcode for a price. */
    @ProviderType
    non-sealed interface PriceQuoted extends NodeEvent {

        /** Who asked. */
        Address sender();

        /** What it was quoted. */
        Price price();
    }

    /** A try to redeem a winning ticket ended. */
    @ProviderType
    non-sealed interface TicketRedeemed extends NodeEvent {

        /** Who made the ticket. */
        Address sender();

        /** What was paid; zero when it failed. */
        Wei paid();

        /** Why it failed; empty when it was paid. */
        Optional<String> error();
    }
}
