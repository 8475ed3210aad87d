package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A decoded frame on its way, owned by whoever holds it.
 *
 * @param frame the frame; its time is in the source's time base
 * @param source the size it was decoded in, whatever it has been scaled to since
 * @param rate frames a second as the source says
 */
record Picture(AVFrame frame, Size source, Fraction rate) implements FrameQueue.Item {

    /** Another reference to the same picture data. */
    Picture share() {
        return new Picture(av_frame_clone(frame), source, rate);
    }

    Picture with(AVFrame other) {
        return new Picture(other, source, rate);
    }

    Size size() {
        return new Size(frame.width(), frame.height());
    }

    @Override
    public void free() {
        av_frame_free(frame);
    }
}
