package org.example.loudness;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.util.concurrent.Callable;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Measures one file; an interrupt ends it between two pieces of sound.
 *
 * @param file its bytes
 * @param truePeak whether that is measured too
 */
record Measurement(byte[] file, boolean truePeak) implements Callable<Loudness> {

    @Override
    public Loudness call() throws UnmeasurableSound, InterruptedException {
        AVFrame frame = av_frame_alloc();
        try (SoundInput input = new SoundInput(file)) {
            if (!input.read(frame)) {
                throw new UnmeasurableSound("there is no sound in it");
            }
            return measure(input, frame);
        } finally {
            av_frame_free(frame);
        }
    }

    private Loudness measure(SoundInput input, AVFrame frame) throws UnmeasurableSound, InterruptedException {
        try (Meter meter = new Meter(frame, truePeak)) {
            do {
                meter.add(frame);
                av_frame_unref(frame);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            } while (input.read(frame));
            return meter.result();
        }
    }
}
