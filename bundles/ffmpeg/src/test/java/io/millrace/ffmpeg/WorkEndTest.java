package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.profile;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.VideoProfile.Container;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each place where native work is done looks whether its caller has left. */
class WorkEndTest {

    private static final byte[] SEGMENT = new Clip().frames(30).silent().make();

    private final WorkGuard guard = new WorkGuard(1L << 40, InstantSource.system());
    private Interruption interruption;

    @BeforeEach
    void open() {
        // Loads the natives first.
        assertTrue(Codec.PIPELINE.detail().startsWith("lib"));
        interruption = new Interruption();
        guard.begin();
    }

    @AfterEach
    void close() {
        interruption.close();
    }

    @Test
    void ffmpegIsToldToStopLearningWhatAFileIs() {
        AtomicBoolean ended = new AtomicBoolean();
        AVFormatContext format = avformat_alloc_context();
        long key = interruption.watch(format, ended::get);
        // As FFmpeg calls it: through its own pointers to the function and to what it was given.
        assertEquals(0, format.interrupt_callback().callback().call(format.interrupt_callback().opaque()));
        ended.set(true);
        assertEquals(1, format.interrupt_callback().callback().call(format.interrupt_callback().opaque()));
        interruption.forget(key);
        assertEquals(0, format.interrupt_callback().callback().call(format.interrupt_callback().opaque()));
        avformat_free_context(format);
    }

    @Test
    void reading() {
        guard.end(CodecError.cancelled());
        assertThrows(FrameQueue.Poisoned.class, () -> new SegmentInput(SEGMENT, guard, interruption).close());
    }

    @Test
    void readingFurther() {
        try (SegmentInput input = new SegmentInput(SEGMENT, guard, interruption)) {
            assertTrue(input.next() != null);
            guard.end(CodecError.cancelled());
            assertThrows(FrameQueue.Poisoned.class, input::next);
        }
    }

    @Test
    void decoding() {
        try (SegmentInput input = new SegmentInput(SEGMENT, guard, interruption);
                VideoDecoder decoder = new VideoDecoder(input.video(), input.rotation(), SegmentInput.MOST_PIXELS)) {
            decoder.decode(input.next(), Picture::free);
            decoder.stop();
            for (AVPacket packet = input.next(); packet != null; packet = input.next()) {
                decoder.decode(packet, Picture::free);
            }
            decoder.decode(null, Picture::free);
            assertTrue(decoder.frames() <= 1, decoder.frames() + " pictures");
        }
    }

    @Test
    void aDecoderThatIsClosedIsNotTouched() {
        try (SegmentInput input = new SegmentInput(SEGMENT, guard, interruption)) {
            VideoDecoder decoder = new VideoDecoder(input.video(), input.rotation(), SegmentInput.MOST_PIXELS);
            decoder.close();
            guard.onEnd(decoder::stop);
            guard.end(CodecError.cancelled());
        }
    }

    /** One picture a second at 60: most pictures are repeated without another one coming in. */
    @Test
    void repeatingAndEncoding() {
        Fraction base = new Fraction(1, Clip.CLOCK);
        RenditionOptions coding = new RenditionOptions(
                profile(160, 90, 20), Codec.PIPELINE_ENCODER, "veryfast", Container.MPEGTS, base, Optional.empty());
        int[] written = new int[1];
        try (SegmentOutput output = new SegmentOutput(Container.MPEGTS, null, (before, after) -> {
                    written[0]++;
                    guard.end(CodecError.cancelled());
                });
                VideoTrack track = new VideoTrack(coding, new ClipWindow(Optional.empty()), output, guard)) {
            assertThrows(FrameQueue.Poisoned.class, () -> {
                for (int i = 0; i < 300; i++) {
                    track.take(picture(i * (long) Clip.CLOCK), new Fraction(1, 1));
                }
                track.end();
            });
        }
        assertEquals(1, written[0], "packets after the end");
    }

    private static AVFrame picture(long pts) {
        AVFrame frame = avutil.av_frame_alloc();
        frame.format(avutil.AV_PIX_FMT_YUV420P).width(160).height(90);
        CodecError.check(avutil.av_frame_get_buffer(frame, 0));
        return frame.pts(pts).duration(Clip.CLOCK);
    }

    @Test
    void theFirstReasonIsKept() {
        CodecError first = CodecError.stopped();
        guard.end(first);
        guard.end(CodecError.cancelled());
        assertSame(first, guard.cause());
    }
}
