package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.profile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.InMemoryBudget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Capacity, cancellation and the end of the pipeline; each test has one with room for one segment. */
@Timeout(120)
class FfmpegPipelineTest {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final long MUCH = CodecOptions.defaults().pixelsPerSecond();

    /** Takes some seconds when nobody stops it. */
    private static final byte[] LONG = new Clip().size(640, 360).frames(300).silent().make();

    private static final Payload.Transcode WORK =
            Codec.request(Collections.nCopies(3, profile(1280, 720, 0)), Optional.empty());

    private final FfmpegPipeline pipeline = new FfmpegPipeline(
            new CodecOptions(
                    CodecOptions.encoders("auto"),
                    "slow",
                    1,
                    3,
                    MUCH,
                    null,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30)),
            InMemoryBudget.ample(),
            CLOCK);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        pipeline.close();
        callers.shutdownNow();
    }

    private PipelineSession reserve() {
        return assertInstanceOf(
                PipelineSession.class,
                pipeline.reserve(new SessionId("s"), JobSpec.needing(pipeline.capabilities())));
    }

    private static Failure failure(Result result) {
        return assertInstanceOf(Result.Failed.class, result).failure();
    }

    private static Result small(PipelineSession session) {
        return session.run(
                Codec.request(List.of(profile(160, 90, 0)), Optional.empty()),
                Bytes.wrap(new Clip().frames(3).make()),
                Codec.patience());
    }

    @Test
    void itOffersWhatItCanDoAndNoMore() {
        List<Integer> ids = pipeline.capabilities().ids();
        assertTrue(ids.containsAll(List.of(Capability.H264, Capability.GOP, Capability.SEGMENT_SLICING)));
        for (int absent : new int[] {
            Capability.STORAGE_S3, Capability.STORAGE_GCS, Capability.MPEG7_SIGNATURE, Capability.HEVC_DECODE,
            Capability.HEVC_ENCODE, Capability.VP9_DECODE, Capability.LLM
        }) {
            assertFalse(ids.contains(absent), "capability " + absent);
        }
        assertTrue(pipeline.detail().startsWith("lib"), pipeline.detail());
    }

    @Test
    void anotherSessionThanAllowedIsRefusedUntilOneEnds() {
        List<PipelineSession> all = List.of(reserve(), reserve(), reserve());
        assertInstanceOf(
                Reservation.Capped.class,
                pipeline.reserve(new SessionId("s"), JobSpec.needing(pipeline.capabilities())));
        all.getFirst().close();
        all.getFirst().close();
        reserve();
        assertInstanceOf(
                Reservation.Capped.class,
                pipeline.reserve(new SessionId("s"), JobSpec.needing(pipeline.capabilities())));
    }

    @Test
    void anInterruptCancelsTheWorkAndFreesItsPlace() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        List<Result> results = Collections.synchronizedList(new ArrayList<>());
        Thread caller = Thread.ofVirtual().start(() -> {
            started.countDown();
            results.add(reserve().run(WORK, Bytes.wrap(LONG), Codec.patience()));
        });
        started.await();
        caller.interrupt();
        caller.join();
        assertEquals(Failure.Kind.CANCELLED, failure(results.getFirst()).kind());
        assertInstanceOf(Result.Made.class, small(reserve()));
    }

    @Test
    void aDeadlineThatPassesCancelsTheWorkAndFreesItsPlace() {
        Deadline soon = Deadline.in(Duration.ofMillis(100), CLOCK);
        assertEquals(Failure.Kind.TIMEOUT, failure(reserve().run(WORK, Bytes.wrap(LONG), soon)).kind());
        assertInstanceOf(Result.Made.class, small(reserve()));
    }

    @Test
    void whoWaitsForAPlaceWaitsNoLongerThanItsDeadline() {
        callers.submit(() -> reserve().run(WORK, Bytes.wrap(LONG), Codec.patience()));
        Deadline soon = Deadline.in(Duration.ofMillis(100), CLOCK);
        assertEquals(Failure.Kind.TIMEOUT, failure(reserve().run(WORK, Bytes.wrap(LONG), soon)).kind());
    }

    @Test
    void closingEndsWhatRunsAndRefusesTheRest() throws Exception {
        PipelineSession session = reserve();
        Future<Result> running = callers.submit(() -> session.run(WORK, Bytes.wrap(LONG), Codec.patience()));
        Future<Result> waiting = callers.submit(() -> reserve().run(WORK, Bytes.wrap(LONG), Codec.patience()));
        pipeline.close();
        for (Result result : List.of(running.get(), waiting.get(), small(session))) {
            assertEquals(new Failure(Failure.Kind.PEER, "TranscoderStopped"), failure(result));
        }
    }

    @Test
    void otherWorkThanSegmentsIsRefused() {
        Payload.Request request = Payload.Request.of(Capability.LLM, "m").build();
        assertEquals(
                Failure.Kind.INPUT, failure(reserve().run(request, Bytes.EMPTY, Codec.patience())).kind());
    }

    @Test
    void aSettingThatMakesNoSenseIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> CodecOptions.encoders("x265"))
                .getMessage();
        assertTrue(message.contains("encoder") && message.contains("x264"), message);
        CodecOptions good = CodecOptions.defaults();
        assertThrows(
                IllegalArgumentException.class,
                () -> new CodecOptions(
                        good.encoders(), "fastest", good.concurrency(), good.sessions(), MUCH, null, good.quiet(), good.stop()));
    }

    @Test
    void anEncoderThatDoesNotWorkHereIsSaidSoAndNothingIsOffered() {
        CodecOptions good = CodecOptions.defaults();
        try (FfmpegPipeline none = new FfmpegPipeline(
                new CodecOptions(List.of(Encoder.NVENC), good.preset(), 1, 1, MUCH, null, good.quiet(), good.stop()), InMemoryBudget.ample(), CLOCK)) {
            assertTrue(none.capabilities().ids().isEmpty());
            assertTrue(none.detail().contains("h264_nvenc"), none.detail());
            assertInstanceOf(
                    Reservation.Capped.class, none.reserve(new SessionId("s"), JobSpec.needing(none.capabilities())));
        }
    }

    @Test
    void theFirstEncoderThatWorksIsTaken() {
        EncoderChoice choice = EncoderChoice.among(List.of(Encoder.values()), "veryfast");
        assertEquals(Clip.has("libx264") ? Encoder.X264 : Encoder.OPENH264, choice.encoder());
        assertEquals(10, SampleSegment.decode(choice.sample()));
    }

    @Test
    void otherSettingsHoldForTheNextSegmentWhileOneThatRunsIsFinished() throws Exception {
        CodecOptions good = CodecOptions.defaults();
        CodecOptions open = new CodecOptions(
                List.of(Encoder.OPENH264), good.preset(), 1, 2, MUCH, null, good.quiet(), good.stop());
        try (PipelineSession first = reserve();
                PipelineSession second = reserve()) {
            var running = callers.submit(() -> small(first));
            pipeline.change(open);
            assertTrue(pipeline.detail().contains("openh264"), pipeline.detail());
            assertInstanceOf(Result.Made.class, small(second));
            assertInstanceOf(Result.Made.class, running.get());
            assertInstanceOf(
                    Reservation.Capped.class,
                    pipeline.reserve(new SessionId("s"), JobSpec.needing(pipeline.capabilities())));
        }
    }

    @Test
    void anEncoderThatDoesNotWorkHereIsNotTakenInExchange() {
        CodecOptions good = CodecOptions.defaults();
        String before = pipeline.detail();
        assertThrows(
                IllegalArgumentException.class,
                () -> pipeline.change(new CodecOptions(
                        List.of(Encoder.NVENC), good.preset(), 1, 1, MUCH, null, good.quiet(), good.stop())));
        assertEquals(before, pipeline.detail());
        try (PipelineSession session = reserve()) {
            assertInstanceOf(Result.Made.class, small(session));
        }
    }
}
