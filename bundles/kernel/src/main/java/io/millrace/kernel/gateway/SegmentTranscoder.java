package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.gateway.carry.Attempts;
import io.millrace.kernel.gateway.carry.Carriage;
import io.millrace.kernel.gateway.carry.Downloads;
import io.millrace.kernel.gateway.carry.Outcome;
import io.millrace.kernel.gateway.carry.Tried;
import io.millrace.kernel.gateway.carry.Verdict;
import io.millrace.kernel.gateway.find.JobCapabilities;
import io.millrace.kernel.gateway.find.SessionPool;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Has one segment of a stream transcoded by whoever can. */
final class SegmentTranscoder {

    /** The network's limit for one segment. */
    static final Duration LONGEST_SEGMENT = Duration.ofMinutes(5);

    private static final Duration LEAST_ALLOWED = Duration.ofSeconds(8);
    private static final Duration DOWNLOAD = Duration.ofSeconds(4);
    private static final int ALLOWED_PER_DURATION = 4;

    private final Carriage carriage;
    private final Attempts attempts;
    private final Judges judges;
    private final Supplier<GatewaySettings> settings;
    private final InstantSource clock;

    SegmentTranscoder(
            Carriage carriage,
            Attempts attempts,
            Judges judges,
            Supplier<GatewaySettings> settings,
            InstantSource clock) {
        this.carriage = carriage;
        this.attempts = attempts;
        this.judges = judges;
        this.settings = settings;
        this.clock = clock;
    }

    /** What a stream of H.264, the usual input, needs: enough to look around before its first segment. */
    JobSpec usualNeeds(StreamSpec stream) {
        return needs(stream, stream.profiles(), "h264", "");
    }

    /** The renditions of a segment, in profile order. */
    Outcome<List<Rendition>> transcode(
            StreamSpec stream, SegmentEntry entry, SessionPool pool, BooleanSupplier cancelled) {
        Segment segment = entry.segment();
        MediaInfo info = entry.info();
        List<VideoProfile> profiles = stream.profiles().stream()
                .map(profile -> inContainer(profile, info.container()))
                .toList();
        JobSpec needs;
        try {
            needs = needs(stream, profiles, info.videoCodec(), info.pixelFormat());
        } catch (IllegalArgumentException e) {
            return new Outcome.Hopeless<>(e.getMessage(), 0);
        }
        Payload payload = new Payload.Transcode(
                stream.manifest(), segment.sequence(), segment.duration(), profiles, segment.clip(), entry.reinit());
        Job job = new Job(needs, payload, Body.of(segment.data()));
        Attempts.Errand errand = new Attempts.Errand(
                stream.manifest(),
                segment.sequence(),
                needs,
                segment.duration(),
                allowed(segment.duration(), stream.timeoutMultiplier()),
                settings.get().maxAttempts(),
                cancelled);
        BigInteger units = pixels(profiles, segment.duration());
        return attempts.run(
                pool,
                errand,
                (flight, deadline) -> carriage.carry(
                        flight, job, units, deadline, new Collect(segment, profiles)));
    }

    private JobSpec needs(StreamSpec stream, List<VideoProfile> profiles, String codec, String pixelFormat) {
        return JobCapabilities.of(
                codec, pixelFormat, profiles, stream.slicing(), settings.get().minVersion());
    }

    private static VideoProfile inContainer(VideoProfile profile, VideoProfile.Container container) {
        return profile.format() == VideoProfile.Container.UNSET ? profile.withFormat(container) : profile;
    }

    private static Duration allowed(Duration length, int multiplier) {
        Duration allowed = length.multipliedBy(ALLOWED_PER_DURATION);
        return (allowed.compareTo(LEAST_ALLOWED) > 0 ? allowed : LEAST_ALLOWED).multipliedBy(multiplier);
    }

    private static BigInteger pixels(List<VideoProfile> profiles, Duration length) {
        long seconds = Math.ceilDiv(length.toMillis(), 1000L);
        return profiles.stream().map(profile -> profile.pixels(seconds)).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private final class Collect implements Carriage.Receipt<List<Rendition>> {
        private final Segment segment;
        private final List<VideoProfile> profiles;

        Collect(Segment segment, List<VideoProfile> profiles) {
            this.segment = segment;
            this.profiles = profiles;
        }

        @Override
        public Tried<List<Rendition>> done(Offer offer, Completion.Done done, Duration work) {
            if (done.outputs().size() != profiles.size()) {
                return new Tried.Bad<>(
                        Verdict.SUSPEND,
                        "it made " + done.outputs().size() + " of " + profiles.size() + " renditions",
                        done.next());
            }
            List<Bytes> fetched = Downloads.all(done.outputs(), Deadline.in(DOWNLOAD, clock));
            List<Rendition> renditions = new ArrayList<>();
            for (int i = 0; i < fetched.size(); i++) {
                renditions.add(new Rendition(profiles.get(i), fetched.get(i)));
            }
            Optional<String> objection = judges.objection(segment, offer, done, renditions);
            if (objection.isPresent()) {
                return new Tried.Bad<>(Verdict.SUSPEND, objection.get(), done.next());
            }
            return new Tried.Good<>(List.copyOf(renditions), work, done.next());
        }
    }

    /** What a segment without a frame of video becomes: itself. */
    static List<Rendition> unchanged(StreamSpec stream, Segment segment, MediaInfo info) {
        return stream.profiles().stream()
                .map(profile -> new Rendition(inContainer(profile, info.container()), segment.data()))
                .toList();
    }
}
