package io.millrace.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Result;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.InMemoryBudget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pipeline as tests use it. Whatever is made is decoded again, and its pixels are counted. */
final class Codec {

    static final FfmpegPipeline PIPELINE = new FfmpegPipeline(
            CodecOptions.defaults(), InMemoryBudget.ample(), InstantSource.system());

    static final Encoder PIPELINE_ENCODER = Clip.has("libx264") ? Encoder.X264 : Encoder.OPENH264;

    private Codec() {}

    static VideoProfile profile(int width, int height, int fps) {
        return VideoProfile.h264(width + "x" + height + "@" + fps, width, height, 300_000, fps);
    }

    /** The same profile in other words. */
    static VideoProfile with(VideoProfile p, int fpsDen, Container format, EncoderProfile encoderProfile, int gop) {
        return new VideoProfile(
                p.name(), p.width(), p.height(), p.bitrate(), p.fps(), fpsDen, format, encoderProfile, gop, p.codec(),
                p.colorDepth(), p.chroma(), p.quality());
    }

    static VideoProfile gop(VideoProfile p, int gop) {
        return with(p, p.fpsDen(), p.format(), p.encoderProfile(), gop);
    }

    static Payload.Transcode request(List<VideoProfile> profiles, Optional<io.millrace.api.job.Clip> clip) {
        return new Payload.Transcode(new ManifestId("test"), 1, Duration.ofSeconds(2), profiles, clip, false);
    }

    static Deadline patience() {
        return Deadline.in(Duration.ofMinutes(2), InstantSource.system());
    }

    static Result run(byte[] segment, Payload.Transcode request) {
        try (PipelineSession session = (PipelineSession)
                PIPELINE.reserve(new SessionId("s"), JobSpec.needing(PIPELINE.capabilities()))) {
            return session.run(request, Bytes.wrap(segment), patience());
        }
    }

    static List<Result.Artifact> artifacts(byte[] segment, VideoProfile... profiles) {
        Result result = run(segment, request(List.of(profiles), Optional.empty()));
        return assertInstanceOf(Result.Made.class, result, result::toString).artifacts();
    }

    static List<Decoded> made(byte[] segment, VideoProfile... profiles) {
        return decoded(run(segment, request(List.of(profiles), Optional.empty())));
    }

    static Decoded one(byte[] segment, VideoProfile profile) {
        return made(segment, profile).getFirst();
    }

    static List<Decoded> decoded(Result result) {
        List<Decoded> all = new ArrayList<>();
        for (Result.Artifact artifact :
                assertInstanceOf(Result.Made.class, result, result::toString).artifacts()) {
            Decoded decoded = Decoded.of(artifact.data().unsafeArray());
            assertEquals(decoded.pixels(), artifact.units(), "pixels of " + artifact.name());
            assertTrue(decoded.frames().getFirst().key(), "the first picture stands alone");
            long last = Long.MIN_VALUE;
            for (Decoded.Packet packet : decoded.packets()) {
                assertTrue(packet.dts() > last, "decoding times rise");
                assertTrue(packet.dts() <= packet.pts(), "nothing is shown before it is decoded");
                last = packet.dts();
            }
            all.add(decoded);
        }
        return all;
    }

    static String failure(byte[] segment, VideoProfile... profiles) {
        Result result = run(segment, request(List.of(profiles), Optional.empty()));
        return assertInstanceOf(Result.Failed.class, result, result::toString).failure().message();
    }
}
