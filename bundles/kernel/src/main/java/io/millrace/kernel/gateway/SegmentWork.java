package io.millrace.kernel.gateway;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.SegmentResult.NoSession;
import io.millrace.api.gateway.SegmentResult.Transcoded;
import io.millrace.api.gateway.SegmentResult.Untranscodable;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeEvent;
import io.millrace.kernel.gateway.carry.Outcome;
import io.millrace.kernel.gateway.find.SessionPool;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** What becomes of the segments of one stream: transcoded or not, and told to everybody once. Thread-safe. */
final class SegmentWork {

    /** Who made the renditions of a segment that nobody had to transcode. */
    static final URI UNCHANGED = URI.create("source:unchanged");

    private static final System.Logger LOG = System.getLogger(SegmentWork.class.getName());

    /** How long work waits for its source to be shown: a publisher that hangs must not stop the work. */
    private static final long SHOW_LIMIT_MILLIS = 2000;

    private final StreamSpec spec;
    private final StreamParts parts;
    private final SessionPool pool;
    private final StreamPublication publication;
    private final AtomicLong dropped = new AtomicLong();

    SegmentWork(StreamSpec spec, StreamParts parts, SessionPool pool, StreamPublication publication) {
        this.spec = spec;
        this.parts = parts;
        this.pool = pool;
        this.publication = publication;
    }

    /** Segments that were given up. */
    long dropped() {
        return dropped.get();
    }

    List<String> names() {
        return spec.profiles().stream().map(VideoProfile::name).toList();
    }

    /** Gives a segment up, for a reason. */
    void drop(SegmentEntry entry, String why) {
        settle(entry, new Dropped(why), Report.NONE);
    }

    /** Says that a segment cannot be transcoded by anybody. */
    void refuse(SegmentEntry entry, String why) {
        settle(entry, new Untranscodable(why), Report.NONE);
    }

    /** Works on a segment until it is settled; {@code cut} says when it is given up. */
    void work(SegmentEntry entry, BooleanSupplier cut) {
        try {
            if (!entry.awaitShown(SHOW_LIMIT_MILLIS)) {
                LOG.log(Level.WARNING, "A publisher of stream " + spec.manifest() + " is slow; work goes on");
            }
            transcode(entry, cut);
        } catch (InterruptedException e) {
            drop(entry, "the stream ended");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Segment " + entry.segment().sequence() + " of stream " + spec.manifest(), e);
            refuse(entry, "the gateway failed: " + e);
        }
    }

    private void transcode(SegmentEntry entry, BooleanSupplier cut) {
        Segment segment = entry.segment();
        if (spec.profiles().isEmpty() || entry.info().videoFrames() == 0) {
            List<Rendition> renditions = SegmentTranscoder.unchanged(spec, segment, entry.info());
            settle(entry, new Transcoded(renditions, UNCHANGED, Duration.ZERO), Report.NONE);
            return;
        }
        Instant start = parts.clock().instant();
        Outcome<List<Rendition>> outcome = parts.transcoder().transcode(spec, entry, pool, cut);
        switch (outcome) {
            case Outcome.Success<List<Rendition>> done -> settle(
                    entry,
                    new Transcoded(
                            done.value(), done.orchestrator(), Duration.between(start, parts.clock().instant())),
                    new Report(Optional.of(done.orchestrator()), done.work(), done.attempts()));
            case Outcome.Hopeless<List<Rendition>> no -> settle(
                    entry, new Untranscodable(no.message()), Report.of(no.attempts()));
            case Outcome.Exhausted<List<Rendition>> no -> settle(
                    entry,
                    new Untranscodable("hit max transcode attempts: " + no.message()),
                    Report.of(no.attempts()));
            case Outcome.NoSession<List<Rendition>> no -> settle(
                    entry, new NoSession(no.message()), Report.of(no.attempts()));
            case Outcome.Cancelled<List<Rendition>> no -> settle(
                    entry, new Dropped("the stream ended"), Report.of(no.attempts()));
        }
    }

    /** What the operator learns of the work beside the result. */
    private record Report(Optional<URI> orchestrator, Duration work, int attempts) {
        static final Report NONE = of(0);

        static Report of(int attempts) {
            return new Report(Optional.empty(), Duration.ZERO, attempts);
        }
    }

    private void settle(SegmentEntry entry, SegmentResult result, Report report) {
        if (!entry.claim()) {
            return;
        }
        List<Rendition> renditions = result instanceof Transcoded made ? made.renditions() : List.of();
        if (result instanceof Dropped) {
            dropped.incrementAndGet();
        }
        publication.settled(entry.segment(), renditions);
        parts.events().happened(settled(entry, result, renditions, report));
        entry.complete(result);
    }

    private NodeEvent settled(SegmentEntry entry, SegmentResult result, List<Rendition> renditions, Report report) {
        Segment segment = entry.segment();
        return new NodeEvent.SegmentSettled(
                spec.manifest(),
                segment.sequence(),
                segment.duration(),
                switch (result) {
                    case Transcoded _ -> "transcoded";
                    case Untranscodable _ -> "untranscodable";
                    case NoSession _ -> "no-session";
                    case Dropped _ -> "dropped";
                },
                switch (result) {
                    case Transcoded _ -> "";
                    case Untranscodable no -> no.message();
                    case NoSession no -> no.message();
                    case Dropped no -> no.message();
                },
                report.orchestrator(),
                segment.data().size(),
                names(),
                renditions.stream().map(rendition -> rendition.data().size()).toList(),
                Duration.between(entry.handedIn(), parts.clock().instant()),
                report.work(),
                report.attempts());
    }
}
