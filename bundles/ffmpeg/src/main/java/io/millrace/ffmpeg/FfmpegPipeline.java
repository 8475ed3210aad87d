package io.millrace.ffmpeg;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transcodes segments in process. */
final class FfmpegPipeline implements Pipeline, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FfmpegPipeline.class);

    /** What any of the encoders can do with what the decoders here take. */
    private static final Capabilities ABLE = Capabilities.of(
                    Capability.H264,
                    Capability.MPEGTS,
                    Capability.MP4,
                    Capability.FRACTIONAL_FRAMERATES,
                    Capability.STORAGE_DIRECT,
                    Capability.H264_BASELINE_PROFILE,
                    Capability.H264_MAIN_PROFILE,
                    Capability.H264_HIGH_PROFILE,
                    Capability.H264_CONSTRAINED_HIGH_PROFILE,
                    Capability.GOP,
                    Capability.AUTH_TOKEN,
                    Capability.VP8_DECODE,
                    Capability.H264_DECODE_444_8BIT,
                    Capability.H264_DECODE_422_8BIT,
                    Capability.H264_DECODE_444_10BIT,
                    Capability.H264_DECODE_422_10BIT,
                    Capability.H264_DECODE_420_10BIT,
                    Capability.SEGMENT_SLICING)
            .withCapacity(1);

    private static final Duration WARM_UP = Duration.ofMinutes(1);

    private final Budget memory;
    private final InstantSource clock;
    private final AtomicInteger sessions = new AtomicInteger();
    private final List<Runnable> watching = new CopyOnWriteArrayList<>();
    private final Set<CodecThreads> left = ConcurrentHashMap.newKeySet();
    private volatile Working now;

    /** The resources of segments that begin now; a segment that runs keeps those that it began with. */
    private record Working(CodecOptions options, CodecThreads codecThreads, EncoderChoice choice) {}

    /** Loads the natives and tries the encoders: under a second, a little more the first time. */
    FfmpegPipeline(CodecOptions options, Budget memory, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
        NativeLibraries.load(options.cacheDirectory());
        now = working(options);
    }

    private Working working(CodecOptions options) {
        CodecThreads codecThreads = new CodecThreads(options.concurrency(), options.quiet(), options.stop(), clock);
        EncoderChoice choice = CompletableFuture.supplyAsync(
                        () -> EncoderChoice.among(options.encoders(), options.preset()), codecThreads.threads())
                .join();
        if (choice.encoder() == null) {
            LOG.error("Segments cannot be transcoded: {}. Install the other codec binding, or set encoder=auto.",
                    choice.reason());
        } else {
            LOG.info("Video is encoded by {}; {} segments at once.", choice.reason(), options.concurrency());
        }
        return new Working(options, codecThreads, choice);
    }

    /**
     * Works in another way from now on: segments that begin are made with the new options, those that run end as they
     * began. Sessions go on. The directory of the natives is that of the start, since they are loaded once.
     *
     * @throws IllegalArgumentException none of the encoders works; what is in use stays
     */
    void change(CodecOptions options) {
        if (take(options)) {
            watching.forEach(Runnable::run);
        }
    }

    /** Whether the options are others than before. */
    private synchronized boolean take(CodecOptions options) {
        Working before = now;
        if (options.equals(before.options())) {
            return false;
        }
        Working next = working(options);
        if (next.choice().encoder() == null && before.choice().encoder() != null) {
            next.codecThreads().close();
            throw new IllegalArgumentException(next.choice().reason());
        }
        now = next;
        CodecThreads old = before.codecThreads();
        left.add(old);
        Thread.ofVirtual().name("millrace-ffmpeg-leave").start(() -> {
            old.leave();
            left.remove(old);
        });
        return true;
    }

    /** The encoder may be another one, or one at last, after a change of the options. */
    @Override
    public Registration watch(Runnable changed) {
        watching.add(changed);
        return () -> watching.remove(changed);
    }

    /** Transcodes the sample in the background, so that the first real segment does not pay for loading. */
    void warmUp() {
        List<VideoProfile> profiles = List.of(
                VideoProfile.h264("warm", 240, 136, 200_000, 25), VideoProfile.h264("up", 160, 90, 100_000, 0));
        Payload.Transcode request = new Payload.Transcode(
                new ManifestId("warm-up"), 0, Duration.ofSeconds(1), profiles, Optional.empty(), false);
        Thread.ofVirtual().name("millrace-ffmpeg-warm-up").start(() -> {
            Deadline deadline = Deadline.in(WARM_UP, clock);
            EncoderChoice choice = now.choice();
            if (choice.encoder() != null
                    && run(request, Bytes.wrap(choice.sample()), deadline) instanceof Result.Failed failed
                    && !failed.failure().message().equals(CodecError.STOPPED)) {
                LOG.warn("The codec's own sample was not transcoded: {}", failed.failure().message());
            }
        });
    }

    @Override
    public String name() {
        return "ffmpeg";
    }

    @Override
    public Capabilities capabilities() {
        return now.choice().encoder() == null ? Capabilities.NONE : ABLE;
    }

    @Override
    public String detail() {
        return now.choice().reason();
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        Working working = now;
        if (working.choice().encoder() == null) {
            return new Reservation.Capped(working.choice().reason());
        }
        int most = working.options().sessions();
        return sessions.getAndUpdate(open -> open < most ? open + 1 : open) < most
                ? new Session()
                : new Reservation.Capped("the codec has " + most + " sessions, as many as allowed");
    }

    private Result run(Payload.Transcode request, Bytes input, Deadline deadline) {
        try {
            return Result.made(made(request, input, deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(Failure.Kind.CANCELLED, CodecError.STOPPED);
        } catch (TimeoutException e) {
            return failed(Failure.Kind.TIMEOUT, CodecError.LATE);
        } catch (CodecError e) {
            return failed(e.kind(), e.getMessage());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CodecError error) {
                return failed(error.kind(), error.getMessage());
            }
            LOG.error("Segment {} of {} was not transcoded because of a fault in the codec.",
                    request.sequence(), request.manifest(), e.getCause());
            return failed(Failure.Kind.PEER, "transcoding failed: " + e.getCause());
        }
    }

    private List<Result.Artifact> made(Payload.Transcode request, Bytes input, Deadline deadline)
            throws InterruptedException, TimeoutException, ExecutionException {
        while (true) {
            Working working = now;
            // Not where the settings were changed in between: then there is another one.
            if (working.codecThreads().enter()) {
                try {
                    return working.codecThreads().run(transcoding(working, request, input), deadline);
                } finally {
                    working.codecThreads().exit();
                }
            }
            if (working == now) {
                throw CodecError.stopped();
            }
        }
    }

    private Transcoding transcoding(Working working, Payload.Transcode request, Bytes input) {
        Resources resources = new Resources(
                working.choice().encoder(),
                working.options().preset(),
                working.options().pixelsPerSecond(),
                working.codecThreads().threads(),
                working.codecThreads().interruption(),
                memory);
        return new Transcoding(request, input.unsafeArray(), resources, clock);
    }

    private static Result failed(Failure.Kind kind, String message) {
        return Result.failed(kind, message);
    }

    @Override
    public void close() {
        now.codecThreads().close();
        left.forEach(CodecThreads::close);
    }

    /** One of {@link #sessions}. */
    private final class Session implements PipelineSession {

        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public Result run(Payload payload, Bytes input, Deadline deadline) {
            return payload instanceof Payload.Transcode transcode
                    ? FfmpegPipeline.this.run(transcode, input, deadline)
                    : failed(Failure.Kind.INPUT, "this pipeline takes segments only");
        }

        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                sessions.decrementAndGet();
            }
        }
    }
}
