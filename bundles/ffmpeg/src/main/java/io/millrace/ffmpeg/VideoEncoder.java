package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXTERNAL;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_UNKNOWN;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** Encodes pictures of one size, on the calling thread only. For one thread. */
final class VideoEncoder implements AutoCloseable {

    /** What an encoder can work with; also keeps a rate in kbit from becoming nothing. */
    private static final int LEAST_BITRATE = 1000;

    private static final int COARSEST = 51;

    private final AVCodecContext context;
    private final AVPacket packet = av_packet_alloc();
    private final Size size;
    private final WorkGuard guard;

    /**
     * @param like a picture of the size and colours to come
     * @param rate frames a second, also the inverse of the time base
     * @param apart whether stream headers go into the container instead of before each keyframe
     * @param guard is asked before each picture, also before those that the encoder still holds at the end
     */
    VideoEncoder(RenditionOptions coding, AVFrame like, Fraction rate, boolean apart, WorkGuard guard) {
        this.guard = guard;
        size = new Size(like.width(), like.height());
        AVCodec codec = avcodec_find_encoder_by_name(coding.encoder().codec);
        if (codec == null) {
            av_packet_free(packet);
            throw new CodecError(CodecError.NO_ENCODER);
        }
        context = avcodec_alloc_context3(codec);
        try {
            configure(coding, like, rate, apart);
            open(codec, coding);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void configure(RenditionOptions coding, AVFrame like, Fraction rate, boolean apart) {
        context.width(size.width()).height(size.height()).pix_fmt(AV_PIX_FMT_YUV420P);
        context.time_base().num(rate.den()).den(rate.num());
        context.framerate().num(rate.num()).den(rate.den());
        context.colorspace(like.colorspace()).color_range(like.color_range());
        context.color_primaries(like.color_primaries()).color_trc(like.color_trc());
        AVRational aspect = like.sample_aspect_ratio();
        if (aspect.num() > 0 && aspect.den() > 0 && aspect.num() != aspect.den()) {
            context.sample_aspect_ratio().num(aspect.num()).den(aspect.den());
        }
        // Renditions run beside each other; more threads cost memory and save no time.
        context.thread_count(1);
        context.max_b_frames(coding.encoder() == Encoder.NVENC && !coding.fixedRate()
                ? 0
                : coding.encoder().bFrames(coding.profile().encoderProfile()));
        if (coding.keyframeInterval() > 0) {
            context.gop_size(coding.keyframeInterval());
        }
        if (coding.profile().bitrate() > 0) {
            int bitrate = Math.max(coding.profile().bitrate(), LEAST_BITRATE);
            context.bit_rate(bitrate).rc_min_rate(bitrate).rc_max_rate(bitrate).rc_buffer_size(bitrate);
        }
        if (coding.encoder() == Encoder.OPENH264) {
            int quality = Math.min(coding.profile().quality(), COARSEST);
            context.qmin(Math.max(1, quality)).qmax(quality > 0 ? quality : COARSEST);
        }
        if (apart) {
            context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        }
    }

    private void open(AVCodec codec, RenditionOptions coding) {
        AVDictionary options = new AVDictionary(null);
        try {
            coding.encoder()
                    .options(coding.profile(), coding.preset())
                    .forEach((key, value) -> CodecError.check(av_dict_set(options, key, value, 0)));
            int opened = avcodec_open2(context, codec, options);
            // A graphics card that has no room for another encoder says the same.
            if ((opened == AVERROR_EXTERNAL || opened == AVERROR_UNKNOWN) && coding.encoder() != Encoder.NVENC) {
                throw new CodecError(CodecError.ENCODER_REFUSED);
            }
            CodecError.check(opened);
        } finally {
            av_dict_free(options);
        }
    }

    /** Encodes a picture, or null for the end; each packet is lent to {@code packets}. */
    void encode(AVFrame frame, Consumer<AVPacket> packets) {
        CodecError.check(avcodec_send_frame(context, frame));
        while (true) {
            guard.check();
            int ret = avcodec_receive_packet(context, packet);
            if (ret == AVERROR_EAGAIN() || ret == AVERROR_EOF) {
                return;
            }
            CodecError.check(ret);
            try {
                packets.accept(packet);
            } finally {
                av_packet_unref(packet);
            }
        }
    }

    Size size() {
        return size;
    }

    AVCodecContext context() {
        return context;
    }

    @Override
    public void close() {
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}
