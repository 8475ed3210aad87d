package io.millrace.launcher.doctor;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** One picture through an encoder. */
final class TrialPicture {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;

    private TrialPicture() {}

    /** What went wrong; empty when a picture came out. */
    static String encode(String name) {
        av_log_set_level(AV_LOG_QUIET);
        AVCodec codec = avcodec_find_encoder_by_name(name);
        if (codec == null) {
            return "not part of this build";
        }
        AVCodecContext encoder = avcodec_alloc_context3(codec);
        AVFrame frame = av_frame_alloc();
        AVPacket packet = av_packet_alloc();
        try {
            encoder.width(WIDTH);
            encoder.height(HEIGHT);
            encoder.pix_fmt(AV_PIX_FMT_YUV420P);
            encoder.time_base(av_make_q(1, 30));
            encoder.bit_rate(500_000);
            if (avcodec_open2(encoder, codec, new AVDictionary(null)) < 0) {
                return name.endsWith("nvenc") ? "no GPU or driver for it" : "cannot be opened";
            }
            frame.format(AV_PIX_FMT_YUV420P);
            frame.width(WIDTH);
            frame.height(HEIGHT);
            frame.pts(0);
            boolean sent = av_frame_get_buffer(frame, 0) >= 0
                    && avcodec_send_frame(encoder, frame) >= 0
                    && avcodec_send_frame(encoder, null) >= 0;
            return sent && avcodec_receive_packet(encoder, packet) >= 0 && packet.size() > 0
                    ? ""
                    : "gives no picture";
        } finally {
            av_packet_free(packet);
            av_frame_free(frame);
            avcodec_free_context(encoder);
        }
    }
}
