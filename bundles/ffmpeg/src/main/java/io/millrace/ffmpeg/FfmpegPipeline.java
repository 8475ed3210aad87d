package io.millrace.ffmpeg;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final CodecOptions options;
    private final InstantSource clock;
    private final Workshop workshop;
    private final Semaphore sessions;
    private final EncoderChoice choice;

    /** Loads the natives and tries the encoders: under a second, a little more the first time. */
    FfmpegPipeline(CodecOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        Natives.load(options.cacheDirectory());
        sessions = new Semaphore(options.sessions());
        workshop = new Workshop(options.concurrency(), options.quiet(), options.stop(), clock);
        choice = CompletableFuture.supplyAsync(
                        () -> EncoderChoice.among(options.encoders(), options.preset()), workshop.threads())
                .join();
        if (choice.encoder() == null) {
            LOG.error("Segments cannot be transcoded: {}. Install the other codec binding, or set encoder=auto.",
                    choice.reason());
        } else {
            LOG.info("Video is encoded by {}; {} segments at once.", choice.reason(), options.concurrency());
        }
    }

    /** Transcodes the sample in the background, so that the first real segment does not pay for loading. */
    void warmUp() {
        List<VideoProfile> profiles = List.of(
                VideoProfile.h264("warm", 240, 136, 200_000, 25), VideoProfile.h264("up", 160, 90, 100_000, 0));
        Payload.Transcode request = new Payload.Transcode(
                new ManifestId("warm-up"), 0, Duration.ofSeconds(1), profiles, Optional.empty(), false);
        Thread.ofVirtual().name("millrace-ffmpeg-warm-up").start(() -> {
            Deadline deadline = Deadline.in(WARM_UP, clock);
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
        return choice.encoder() == null ? Capabilities.NONE : ABLE;
    }

    @Override
    public String detail() {
        return choice.reason();
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        if (choice.encoder() == null) {
            return new Reservation.Capped(choice.reason());
        }
        return sessions.tryAcquire()
                ? new Session()
                : new Reservation.Capped("the codec has " + options.sessions() + " sessions, as many as allowed");
    }

    private Transcoding transcoding(Payload.Transcode request, byte[] data) {
        return new Transcoding(request, data, choice.encoder(), options.preset(), workshop.threads());
    }

    private Result run(Payload.Transcode request, Bytes input, Deadline deadline) {
        try {
            Transcoding work = transcoding(request, input.unsafeArray());
            return new Result.Made(workshop.run(work, deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(Failure.Kind.CANCELLED, CodecError.STOPPED);
        } catch (TimeoutException e) {
            return failed(Failure.Kind.TIMEOUT, "the segment was not transcoded in time");
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

    private static Result failed(Failure.Kind kind, String message) {
        return new Result.Failed(new Failure(kind, message));
    }

    @Override
    public void close() {
        workshop.close();
    }

    /** One of the places in {@link #sessions}. */
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
                sessions.release();
            }
        }
    }
}
