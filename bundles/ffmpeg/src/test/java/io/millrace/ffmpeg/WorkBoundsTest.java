package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.failure;
import static io.millrace.ffmpeg.Codec.profile;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.InMemoryBudget;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** What one segment, and all of a node together, may cost. */
class WorkBoundsTest {

    private static final long MEGABYTE = 1 << 20;
    private static final byte[] SEGMENT = new Clip().frames(30).make();
    private static final byte[] SQUARE = new Clip().size(320, 320).frames(60).fps(60).make();
    private static final VideoProfile HD = profile(1280, 720, 0);

    private final InMemoryBudget memory = new InMemoryBudget(200 * MEGABYTE);

    private Result run(byte[] segment, VideoProfile... profiles) {
        return run(InstantSource.system(), segment, Duration.ofSeconds(2), profiles);
    }

    private Result run(InstantSource clock, byte[] segment, Duration declared, VideoProfile... profiles) {
        Payload.Transcode request = new Payload.Transcode(
                new ManifestId("test"), 1, declared, List.of(profiles), Optional.empty(), false);
        try (FfmpegPipeline pipeline = new FfmpegPipeline(CodecOptions.defaults(), memory, clock);
                PipelineSession session = (PipelineSession)
                        pipeline.reserve(new SessionId("s"), JobSpec.needing(pipeline.capabilities()))) {
            return session.run(request, Bytes.wrap(segment), Deadline.in(Duration.ofDays(1), clock));
        } finally {
            assertEquals(0, memory.used(), "bytes of the budget that were not given back");
        }
    }

    private static Failure failed(Result result) {
        return assertInstanceOf(Result.Failed.class, result, result::toString).failure();
    }

    @Test
    void tenRenditionsOf4096At60AreRefusedBeforeWorkBegins() {
        memory.limit(1L << 40);
        VideoProfile[] ten = Collections.nCopies(10, profile(4096, 4096, 60)).toArray(new VideoProfile[0]);
        Failure failure = failed(run(SQUARE, ten));
        assertEquals(Failure.Kind.INPUT, failure.kind());
        assertTrue(failure.message().contains("10072 megapixels"), failure.message());
        assertTrue(failure.message().contains("4000 at most"), failure.message());
    }

    @Test
    void aSegmentThatFindsNoMemoryIsBusyAndDoneOnceThereIsSome() {
        try (Budget.Charge other = memory.open("other work")) {
            assertTrue(other.add(150 * MEGABYTE));
            long taken = memory.used();
            FfmpegPipeline pipeline =
                    new FfmpegPipeline(CodecOptions.defaults(), memory, InstantSource.system());
            try (pipeline;
                    PipelineSession session = (PipelineSession)
                            pipeline.reserve(new SessionId("s"), JobSpec.needing(pipeline.capabilities()))) {
                Payload.Transcode request = Codec.request(List.of(HD), Optional.empty());
                Failure failure = failed(session.run(request, Bytes.wrap(SEGMENT), Codec.patience()));
                assertEquals(new Failure(Failure.Kind.BUSY, "OrchestratorBusy"), failure);
                assertEquals(taken, memory.used());
                other.remove(150 * MEGABYTE);
                assertInstanceOf(Result.Made.class, session.run(request, Bytes.wrap(SEGMENT), Codec.patience()));
            }
        }
    }

    @Test
    void aSegmentThatNeverFindsEnoughMemoryHereIsToldSo() {
        VideoProfile[] ten = Collections.nCopies(10, profile(4096, 4096, 0)).toArray(new VideoProfile[0]);
        Failure failure = failed(run(SEGMENT, ten));
        assertEquals(Failure.Kind.PEER, failure.kind());
        assertTrue(failure.message().contains("megabytes"), failure.message());
    }

    @Test
    void memoryIsGivenBackWhateverBecomesOfTheSegment() {
        assertInstanceOf(Result.Made.class, run(SEGMENT, profile(160, 90, 30)));
        failed(run(new byte[1000], HD));
        failed(run(new Clip().frames(60).gop(20).withoutKeyframes().make(), profile(160, 90, 30)));
    }

    @Test
    void aPictureThatBecomesLargerIsChargedBeforeMoreOfItAreMade() {
        memory.limit(90 * MEGABYTE);
        byte[] grows = SourceTest.joined(
                new Clip().frames(10).silent().make(),
                new Clip().size(640, 360).start(11L * Clip.CLOCK).frames(10).silent().make());
        assertInstanceOf(Result.Made.class, run(SEGMENT, profile(160, 90, 0)));
        assertInstanceOf(Result.Made.class, run(grows, profile(160, 90, 0)));
        memory.limit(40 * MEGABYTE);
        assertEquals(Failure.Kind.PEER, failed(run(grows, profile(160, 90, 0))).kind());
    }

    @Test
    void theTimeOfASegmentDependsOnItsMediaAndNotOnWhatItsSenderDeclares() {
        AtomicInteger asked = new AtomicInteger();
        Instant start = Instant.now();
        InstantSource slow = () -> start.plusSeconds(asked.getAndIncrement());
        Failure failure = failed(run(slow, SEGMENT, Duration.ofHours(3), profile(160, 90, 0)));
        assertEquals(new Failure(Failure.Kind.TIMEOUT, "the segment was not transcoded in time"), failure);
    }

    @Test
    void pixelsBeyondWhatMediaOfItsLengthHasAreARunaway() {
        WorkGuard guard = new WorkGuard(1000, InstantSource.system());
        guard.begin();
        guard.media(2);
        guard.spend(2000);
        assertEquals(CodecError.RUNAWAY, assertThrows(CodecError.class, () -> guard.spend(1)).getMessage());
    }

    @Test
    void noSingleBlockOfFfmpegIsLargerThanTheBound() {
        assertTrue(av_malloc(NativeLibraries.LARGEST_BLOCK + 1) == null);
        Pointer allowed = av_malloc(1 << 20);
        assertTrue(allowed != null);
        av_free(allowed);
    }

    @Test
    void aPictureLargerThanAnyLevelAllowsIsNoVideo() {
        byte[] sps = HugeSps.of(1000, 1000);
        byte[] segment = new Clip().frames(30).tamper(picture -> HugeSps.instead(picture, sps)).make();
        assertEquals("TranscoderInvalidVideo", failure(segment, profile(160, 90, 0)));
    }
}
