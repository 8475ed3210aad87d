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

import io.millrace.launcher.doctor.DoctorCommand.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Which encoders work here: each gets a real picture, in this process, as a node would give it one. */
final class Encoders {

    private static final String WHAT = "encoder";
    private static final String PID = "io.millrace.ffmpeg";
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("nvenc", "h264_nvenc");
        NAMES.put("x264", "libx264");
        NAMES.put("openh264", "libopenh264");
    }

    private Encoders() {}

    static List<Finding> look(Node node) {
        if (!node.has(PID)) {
            return List.of();
        }
        String wanted = node.setting(PID, "encoder", "auto");
        boolean auto = wanted.equals("auto");
        Path folder = unpackTo(node.natives());
        System.setProperty("org.bytedeco.javacpp.cachedir", folder.toString());
        List<String> excuses = new ArrayList<>();
        try {
            for (Map.Entry<String, String> encoder : NAMES.entrySet()) {
                if (auto || encoder.getKey().equals(wanted)) {
                    String error = encode(encoder.getValue());
                    if (error.isEmpty()) {
                        return List.of(Finding.ok(WHAT, encoder.getKey() + " encodes" + because(excuses)));
                    }
                    excuses.add(encoder.getKey() + ": " + error);
                }
            }
        } catch (LinkageError e) {
            return List.of(Finding.fail(
                    WHAT,
                    "the native code cannot be loaded: " + e.getMessage(),
                    "is this Linux on x86-64 with glibc, and is " + folder + " on a disk that allows programs?"));
        }
        return List.of(Finding.fail(
                WHAT,
                String.join("; ", excuses),
                auto ? "unpack Millrace again" : "set encoder of " + PID + " to auto, which takes what works"));
    }

    private static String because(List<String> excuses) {
        return excuses.isEmpty() ? "" : " (" + String.join("; ", excuses) + ")";
    }

    /** Where a node would put it, when that is allowed already; a doctor leaves nothing behind. */
    private static Path unpackTo(Path natives) {
        if (Files.isWritable(natives)) {
            return natives;
        }
        try {
            return Files.createTempDirectory("millrace-doctor-");
        } catch (IOException e) {
            return natives;
        }
    }

    /** One picture through an encoder: what went wrong; empty when a picture came out. */
    private static String encode(String name) {
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
