package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.SegmentResult.NoSession;
import io.millrace.api.gateway.SegmentResult.Transcoded;
import io.millrace.api.gateway.SegmentResult.Untranscodable;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Rational;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.gateway.session.TranscodeNeeds;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One segment of a stream, from its hand-in to its result: transcoded, published and told to everybody once.
 * Thread-safe; {@link #run} is called once, on a thread of the segment's own.
 */
final class SegmentJob implements Pending {

    /** The longest segment (go-livepeer: common/util.go, MaxDuration). */
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** Who made the renditions of a segment that nobody had to transcode. */
    static final URI UNCHANGED = URI.create("source:unchanged");

    private static final System.Logger LOG = System.getLogger(SegmentJob.class.getName());

    /** How long the work waits for its source to be published: a publisher that hangs must not stop the work. */
    private static final long PUBLISH_LIMIT_MILLIS = 2000;

    /** Time for an attempt: four times the segment, and not less than this (go-livepeer: server/segment_rpc.go, SubmitSegment). */
    private static final Duration LEAST_ALLOWED = Duration.ofSeconds(8);

    private static final int ALLOWED_FACTOR = 4;

    private static final Rational ESTIMATE_FACTOR = Rational.of(102, 100);

    private final RunningStream stream;
    private final Segment segment;
    private final MediaInfo info;
    private final boolean reinit;
    private final boolean resent;
    private final Instant handedIn;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final CompletableFuture<SegmentResult> result = new CompletableFuture<>();
    private final CountDownLatch sourcePublished = new CountDownLatch(1);
    private volatile Budget.Charge charge;

    /**
     * A segment that was handed in.
     *
     * @param reinit its format is not that of the segment before
     * @param resent it was handed in before: its sender wants an answer, and viewers have it already
     */
    SegmentJob(RunningStream stream, Segment segment, MediaInfo info, boolean reinit, boolean resent) {
        this.stream = stream;
        this.segment = segment;
        this.info = info;
        this.reinit = reinit;
        this.resent = resent;
        this.handedIn = stream.clock().instant();
    }

    Segment segment() {
        return segment;
    }

    MediaInfo info() {
        return info;
    }

    boolean isResent() {
        return resent;
    }

    /** Counts its bytes; false when the node's memory has no room for them. */
    boolean charge(Budget budget) {
        Budget.Charge its = budget.open("segment");
        if (!its.add(segment.data().size())) {
            its.close();
            return false;
        }
        charge = its;
        return true;
    }

    /** Its bytes count no longer. */
    void uncharge() {
        Budget.Charge its = charge;
        if (its != null) {
            its.close();
        }
    }

    /** Its source is with the publishers, or will not be. */
    void sourcePublished() {
        sourcePublished.countDown();
    }

    @Override
    public SegmentResult await(Deadline deadline) {
        try {
            return result.get(deadline.remaining(stream.clock()).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Dropped("not ready in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Dropped("nobody waits for it any more");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has the segment transcoded by whoever can. Throws nothing. */
    void run() {
        try {
            if (!sourcePublished.await(PUBLISH_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "A publisher of stream " + spec().manifest() + " is slow; work goes on");
            }
            transcode();
        } catch (InterruptedException e) {
            drop("the stream ended");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Segment " + segment.sequence() + " of stream " + spec().manifest(), e);
            refuse("the gateway failed: " + e);
        }
    }

    private void transcode() {
        List<VideoProfile> profiles = spec().profiles().stream()
                .map(profile -> profile.format() == VideoProfile.Container.UNSET
                        ? profile.withFormat(info.container())
                        : profile)
                .toList();
        if (profiles.isEmpty() || info.videoFrames() == 0) {
            // nothing to transcode: each rendition is the segment itself
            List<Rendition> same = profiles.stream()
                    .map(profile -> new Rendition(profile, segment.data()))
                    .toList();
            settle(new Transcoded(same, UNCHANGED, Duration.ZERO), Optional.empty(), Duration.ZERO, 0);
            return;
        }
        JobSpec needs;
        try {
            needs = TranscodeNeeds.of(
                    info.videoCodec(),
                    info.pixelFormat(),
                    profiles,
                    spec().slicing(),
                    stream.settings().minVersion());
        } catch (IllegalArgumentException e) {
            refuse(e.getMessage());
            return;
        }
        Instant start = stream.clock().instant();
        Attempts.Task task = new Attempts.Task(
                spec().manifest(),
                segment.sequence(),
                needs,
                segment.duration(),
                pixels(profiles),
                allowed(),
                allowed(),
                new Deadline(Instant.MAX),
                stream.settings().maxAttempts(),
                stream::isCut,
                charge,
                (offer, done) -> objection(profiles, offer, done));
        Payload payload = new Payload.Transcode(
                spec().manifest(), segment.sequence(), segment.duration(), profiles, segment.clip(), reinit);
        Outcome<Completion> outcome = stream.attempts()
                .run(stream.pool(), task, new Job(needs, payload, Body.of(segment.data())));
        switch (outcome) {
            case Outcome.Done<Completion> done -> settle(
                    new Transcoded(
                            renditions(profiles, (Completion.Done) done.value()),
                            done.orchestrator(),
                            Duration.between(start, stream.clock().instant())),
                    Optional.of(done.orchestrator()),
                    done.work(),
                    done.attempts());
            case Outcome.Hopeless<Completion> no -> fail(new Untranscodable(no.message()), no);
            case Outcome.Exhausted<Completion> no -> fail(
                    new Untranscodable("hit max transcode attempts: " + no.message()), no);
            case Outcome.Nobody<Completion> no -> fail(new NoSession(no.message()), no);
            case Outcome.Cancelled<Completion> no -> fail(new Dropped("the stream ended"), no);
        }
    }

    private Duration allowed() {
        Duration allowed = segment.duration().multipliedBy(ALLOWED_FACTOR);
        return (allowed.compareTo(LEAST_ALLOWED) > 0 ? allowed : LEAST_ALLOWED)
                .multipliedBy(spec().timeoutMultiplier());
    }

    /** With 2 % on top, since encoders add frames (go-livepeer: server/segment_rpc.go, estimateFee). */
    private BigInteger pixels(List<VideoProfile> profiles) {
        long seconds = Math.ceilDiv(segment.duration().toMillis(), 1000L);
        BigInteger pixels =
                profiles.stream().map(profile -> profile.pixels(seconds)).reduce(BigInteger.ZERO, BigInteger::add);
        return Rational.of(pixels).times(ESTIMATE_FACTOR).ceiling();
    }

    private Optional<String> objection(List<VideoProfile> profiles, Offer offer, Completion.Done done) {
        return done.outputs().size() != profiles.size()
                ? Optional.of("it made " + done.outputs().size() + " of " + profiles.size() + " renditions")
                : stream.verifiers().objection(segment, offer, done, renditions(profiles, done));
    }

    private static List<Rendition> renditions(List<VideoProfile> profiles, Completion.Done done) {
        List<Rendition> renditions = new ArrayList<>();
        for (int i = 0; i < profiles.size(); i++) {
            renditions.add(new Rendition(profiles.get(i), ((FetchedOutput) done.outputs().get(i)).data()));
        }
        return renditions;
    }

    // -- the end

    /** Gives the segment up, for a reason. */
    void drop(String why) {
        settle(new Dropped(why), Optional.empty(), Duration.ZERO, 0);
    }

    /** Says that the segment cannot be transcoded by anybody. */
    void refuse(String why) {
        settle(new Untranscodable(why), Optional.empty(), Duration.ZERO, 0);
    }

    private void fail(SegmentResult no, Outcome<Completion> outcome) {
        settle(no, Optional.empty(), Duration.ZERO, outcome.attempts());
    }

    /** The first result counts. Whoever waits is told first, then the viewers, then the listeners. */
    private void settle(SegmentResult end, Optional<URI> orchestrator, Duration work, int attempts) {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        Duration took = Duration.between(handedIn, stream.clock().instant());
        result.complete(end);
        uncharge();
        List<Rendition> renditions = end instanceof Transcoded made ? made.renditions() : List.of();
        stream.settled(this, end, renditions);
        stream.events().happened(new KernelEvents.SegmentSettled(
                spec().manifest(),
                segment.sequence(),
                segment.duration(),
                switch (end) {
                    case Transcoded _ -> "transcoded";
                    case Untranscodable _ -> "untranscodable";
                    case NoSession _ -> "no-session";
                    case Dropped _ -> "dropped";
                },
                switch (end) {
                    case Transcoded _ -> "";
                    case Untranscodable no -> no.message();
                    case NoSession no -> no.message();
                    case Dropped no -> no.message();
                },
                orchestrator,
                segment.data().size(),
                spec().profiles().stream().map(VideoProfile::name).toList(),
                renditions.stream().map(rendition -> rendition.data().size()).toList(),
                took,
                work,
                attempts));
    }

    private StreamSpec spec() {
        return stream.spec();
    }
}
