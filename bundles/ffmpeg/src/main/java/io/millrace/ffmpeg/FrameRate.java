package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Repeats and drops frames until there is one at each tick of a constant rate. The ticks count from
 * time zero, not from the first frame, so that segments made one by one join without a gap. The last
 * frame is shown for its own duration, and at least once. For one thread.
 */
final class FrameRate implements AutoCloseable {

    private final Fraction from;
    private final Fraction to;
    private final Consumer<AVFrame> frames;
    private AVFrame held;
    private long end;
    private long next = AV_NOPTS_VALUE;
    private boolean made;

    /**
     * @param from time base of the frames that come
     * @param rate frames a second
     * @param frames is lent each frame that is made, with its time in ticks
     */
    FrameRate(Fraction from, Fraction rate, Consumer<AVFrame> frames) {
        this.from = from;
        this.to = rate.inverse();
        this.frames = frames;
    }

    /** Takes the frame over. */
    void push(AVFrame frame) {
        long tick = from.rescale(frame.pts(), to);
        end = from.rescale(frame.pts() + frame.duration(), to);
        if (held == null) {
            next = tick;
        } else {
            try {
                repeatUntil(tick);
            } catch (RuntimeException e) {
                av_frame_free(frame);
                throw e;
            }
            av_frame_free(held);
        }
        held = frame;
    }

    /** Makes the frames that remain at the end. */
    void end() {
        if (held != null) {
            repeatUntil(made ? end : Math.max(end, next + 1));
        }
    }

    private void repeatUntil(long tick) {
        for (; next < tick; next++) {
            AVFrame copy = av_frame_clone(held);
            copy.pts(next);
            copy.duration(1);
            made = true;
            try {
                frames.accept(copy);
            } finally {
                av_frame_free(copy);
            }
        }
    }

    @Override
    public void close() {
        if (held != null) {
            av_frame_free(held);
        }
    }
}
