package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.value.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * One rendition on a thread of its own: scales what comes through its queue, hands the result to the
 * smaller renditions that are made from it, encodes it. A failure is reported, not thrown.
 */
final class Rendition implements Runnable {

    /** Pictures that wait; more cost memory and save no time. */
    private static final int QUEUE = 4;

    private final FrameQueue queue = new FrameQueue(QUEUE);
    private final List<Rendition> smaller = new ArrayList<>();
    private final RenditionOptions coding;
    private final AudioFormat audioFormat;
    private final WorkGuard guard;
    private final FrameMemory memory;
    private final int longSide;
    private final ClipWindow clip;
    private volatile Artifact artifact;

    /** @param audioFormat null for none */
    Rendition(RenditionOptions coding, AudioFormat audioFormat, WorkGuard guard, FrameMemory memory) {
        this.coding = coding;
        this.audioFormat = audioFormat;
        this.guard = guard;
        this.memory = memory;
        longSide = Size.longSide(coding.profile());
        clip = new ClipWindow(coding.clip());
    }

    int longSide() {
        return longSide;
    }

    /** The size of its pictures when the source has that one. */
    Size size(Size source) {
        return Size.scaled(source, longSide);
    }

    /** Pictures a second when the source has that rate. */
    double rate(double source) {
        return coding.fixedRate() ? coding.rate().toDouble() : source;
    }

    FrameQueue queue() {
        return queue;
    }

    /** Makes {@code other} from this one's pictures; only before it runs. */
    void feeds(Rendition other) {
        smaller.add(other);
    }

    /** What was made; null unless it succeeded. */
    Artifact artifact() {
        return artifact;
    }

    @Override
    public void run() {
        try (Scaler scaler = new Scaler();
                SegmentOutput output = new SegmentOutput(coding.container(), audioFormat, memory::output);
                AudioTrack sounds = new AudioTrack(coding, clip, output, audioFormat);
                VideoTrack pictures = new VideoTrack(coding, clip, output, guard)) {
            for (FrameQueue.Item item = queue.take(); item != null; item = queue.take()) {
                switch (item) {
                    case Picture picture -> picture(picture, scaler, pictures);
                    case AudioPacket audio -> sounds.take(audio);
                }
            }
            smaller.forEach(other -> other.queue.end());
            pictures.end();
            sounds.end();
            byte[] data = output.finish();
            String extension = coding.container().extension();
            artifact = Artifact.of(coding.profile().name(), extension, Bytes.wrap(data)).withUnits(pictures.pixels());
        } catch (FrameQueue.Poisoned e) {
            // Whoever poisoned it has said why.
        } catch (RuntimeException | Error e) {
            guard.end(e);
        }
    }

    private void picture(Picture picture, Scaler scaler, VideoTrack pictures) {
        AVFrame scaled;
        try {
            scaled = scaler.scale(picture.frame(), size(picture.source()));
        } finally {
            picture.free();
        }
        Picture here = picture.with(scaled);
        try {
            smaller.forEach(other -> other.queue.put(here.share()));
        } catch (RuntimeException e) {
            av_frame_free(scaled);
            throw e;
        }
        pictures.take(scaled, picture.rate());
    }
}
