package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.millrace.api.job.VideoProfile.Container;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Turns scaled pictures into the packets of a rendition: it applies the frame rate, the clip, keyframes and times. A
 * picture of another size than the one before begins a new encoder in the same stream. For one thread.
 */
final class VideoTrack implements AutoCloseable {

    /**
     * More pictures than this for each that should be made of one that came in are no longer a frame rate but a fault
     * in the times.
     */
    private static final long RUNAWAY = 25;

    private final RenditionOptions coding;
    private final ClipWindow clip;
    private final SegmentOutput output;
    private final WorkGuard guard;
    private final FrameRate frameRate;
    private final Map<Long, Long> times = new HashMap<>();
    private VideoEncoder encoder;
    private Fraction sourceRate;
    private Fraction encoderBase;
    private long lastEncoded = AV_NOPTS_VALUE;
    private long nextKeyframe = AV_NOPTS_VALUE;
    private long came;
    private long made;
    private long pixels;

    VideoTrack(RenditionOptions coding, ClipWindow clip, SegmentOutput output, WorkGuard guard) {
        this.guard = guard;
        this.coding = coding;
        this.clip = clip;
        this.output = output;
        this.frameRate = coding.fixedRate() ? new FrameRate(coding.source(), coding.rate(), this::picture) : null;
    }

    /**
     * Takes the frame over.
     *
     * @param rate frames a second as the source says
     */
    void take(AVFrame frame, Fraction rate) {
        came++;
        sourceRate = rate;
        if (frameRate != null) {
            frameRate.push(frame);
            return;
        }
        try {
            picture(frame);
        } finally {
            av_frame_free(frame);
        }
    }

    /** Encodes the frames that remain at the end. */
    void end() {
        if (frameRate != null) {
            frameRate.end();
        }
        drain();
    }

    /** Pictures that were encoded, times their size. */
    long pixels() {
        return pixels;
    }

    private void picture(AVFrame frame) {
        double each = coding.fixedRate() ? Math.max(1, coding.rate().toDouble() / sourceRate.toDouble()) : 1;
        if (++made > RUNAWAY * each * came) {
            throw new CodecError(CodecError.RUNAWAY);
        }
        guard.spend((long) frame.width() * frame.height());
        long time = frame.pts();
        clip.start(time, coding.base());
        if (!clip.keeps(time, coding.base())) {
            return;
        }
        time -= clip.shift(coding.base());
        Size size = new Size(frame.width(), frame.height());
        if (encoder == null || !encoder.size().equals(size)) {
            reopen(frame);
        }
        if (nextKeyframe == AV_NOPTS_VALUE || coding.forcedKeyframes() > 0 && time >= nextKeyframe) {
            frame.pict_type(AV_PICTURE_TYPE_I);
            nextKeyframe = time + coding.forcedKeyframes();
        }
        long encoded = coding.base().rescale(time, encoderBase);
        if (lastEncoded != AV_NOPTS_VALUE && encoded <= lastEncoded) {
            encoded = lastEncoded + 1;
        }
        lastEncoded = encoded;
        times.put(encoded, time);
        frame.pts(encoded);
        frame.duration(0);
        pixels += size.area();
        encoder.encode(frame, this::packet);
    }

    private void reopen(AVFrame like) {
        boolean first = encoder == null;
        drain();
        Fraction rate = coding.fixedRate() ? coding.rate() : sourceRate;
        // A container's header holds the first encoder's headers only; those of the next travel inside.
        encoder = new VideoEncoder(coding, like, rate, first && coding.container() == Container.MP4, guard);
        encoderBase = rate.inverse();
        lastEncoded = AV_NOPTS_VALUE;
        nextKeyframe = AV_NOPTS_VALUE;
        times.clear();
        if (first) {
            output.begin(encoder.context(), coding.base());
        }
    }

    private void drain() {
        if (encoder != null) {
            encoder.encode(null, this::packet);
            encoder.close();
        }
    }

    /** The encoder counts frames; the times that came in return here. */
    private void packet(AVPacket packet) {
        long ahead = encoderBase.rescale(packet.pts() - packet.dts(), coding.base());
        long time = times.getOrDefault(packet.pts(), encoderBase.rescale(packet.pts(), coding.base()));
        times.remove(packet.pts());
        packet.pts(time).dts(time - ahead);
        packet.duration(encoderBase.rescale(1, coding.base()));
        output.picture(packet);
    }

    @Override
    public void close() {
        if (frameRate != null) {
            frameRate.close();
        }
        if (encoder != null) {
            encoder.close();
        }
    }
}
