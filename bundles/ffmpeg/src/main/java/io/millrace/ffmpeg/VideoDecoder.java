package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Turns packets into pictures whose times are known and rise strictly, and which stand upright. A packet that cannot
 * be decoded is left out, as a player would do. For one thread.
 */
final class VideoDecoder implements AutoCloseable {

    /** Beyond this a stated frame rate is a clock, not a rate. */
    private static final double FASTEST = 1000;

    /** Faults in a row after which one packet is given up. */
    private static final int MOST_FAULTS = 64;

    private static final Fraction UNKNOWN_RATE = new Fraction(30, 1);

    private final AVCodecContext context;
    private final AVStream stream;
    private final Rotation rotation;
    private final Fraction timeBase;
    private long lastPts = AV_NOPTS_VALUE;
    private int frames;
    private boolean closed;

    /**
     * @param rotation of each picture; its owner closes it
     * @param mostPixels of a picture; larger ones are not decoded, whatever the stream says later
     */
    VideoDecoder(AVStream stream, Rotation rotation, long mostPixels) {
        this.stream = stream;
        this.rotation = rotation;
        timeBase = Fraction.of(stream.time_base());
        AVCodec codec = avcodec_find_decoder(stream.codecpar().codec_id());
        context = avcodec_alloc_context3(codec);
        try {
            CodecError.check(avcodec_parameters_to_context(context, stream.codecpar()));
            context.pkt_timebase(stream.time_base());
            context.thread_count(1);
            context.max_pixels(mostPixels);
            CodecError.check(avcodec_open2(context, codec, new AVDictionary(null)));
        } catch (CodecError e) {
            close();
            throw e;
        }
    }

    /** Feeds a packet, or null for the end, and hands on what comes out. */
    void decode(AVPacket packet, Consumer<Picture> pictures) {
        int sent = avcodec_send_packet(context, packet);
        drain(pictures);
        if (sent == AVERROR_EAGAIN()) {
            avcodec_send_packet(context, packet);
            drain(pictures);
        }
    }

    /**
     * From now on packets are passed over, within the packet in work too: the decoder asks before each slice. For any
     * thread.
     */
    synchronized void stop() {
        if (!closed) {
            context.skip_frame(AVDISCARD_ALL);
        }
    }

    /** How many pictures have come out so far. */
    int frames() {
        return frames;
    }

    private void drain(Consumer<Picture> pictures) {
        for (int faults = 0; faults < MOST_FAULTS; ) {
            AVFrame frame = av_frame_alloc();
            int ret = avcodec_receive_frame(context, frame);
            if (ret == AVERROR_EAGAIN() || ret == AVERROR_EOF) {
                av_frame_free(frame);
                return;
            }
            if (ret < 0) {
                av_frame_free(frame);
                faults++;
                continue;
            }
            frames++;
            prepare(frame);
            AVFrame upright = upright(frame);
            pictures.accept(new Picture(upright, new Size(upright.width(), upright.height()), rate()));
        }
    }

    private AVFrame upright(AVFrame frame) {
        try {
            return rotation.turn(frame);
        } catch (RuntimeException e) {
            av_frame_free(frame);
            throw e;
        }
    }

    /** Duration, and a time later than the last: the frame rate filter makes millions of frames else. */
    private void prepare(AVFrame frame) {
        if (frame.duration() <= 0) {
            frame.duration(Math.max(1, rate().inverse().rescale(1, timeBase)));
        }
        long pts = frame.pts() != AV_NOPTS_VALUE ? frame.pts() : frame.best_effort_timestamp();
        boolean made = pts == AV_NOPTS_VALUE;
        if (made) {
            pts = frame.duration() + (lastPts == AV_NOPTS_VALUE ? 0 : lastPts);
        }
        if (lastPts != AV_NOPTS_VALUE && pts <= lastPts) {
            pts = lastPts + (made ? frame.duration() : 1);
        }
        lastPts = pts;
        frame.pts(pts);
        frame.pict_type(AV_PICTURE_TYPE_NONE);
        // Renditions are encoded as whole pictures.
        frame.flags(frame.flags() & ~(AVFrame.AV_FRAME_FLAG_INTERLACED | AVFrame.AV_FRAME_FLAG_TOP_FIELD_FIRST));
    }

    private Fraction rate() {
        for (Fraction rate : new Fraction[] {
            Fraction.of(context.framerate()), Fraction.of(stream.r_frame_rate()), Fraction.of(stream.avg_frame_rate())
        }) {
            if (rate.positive() && rate.toDouble() <= FASTEST) {
                return rate;
            }
        }
        return UNKNOWN_RATE;
    }

    @Override
    public synchronized void close() {
        closed = true;
        avcodec_free_context(context);
    }
}
