package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_TIMED_ID3;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_open_dyn_buf;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_DATA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.function.UnaryOperator;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/** Makes source segments of drawn pictures and a tone, ordinary ones and such as cameras never should. */
final class Clip {

    static final int CLOCK = 90_000;

    private static final int SAMPLE_RATE = 48_000;
    private static final int SAMPLES = 1024;

    private int width = 320;
    private int height = 180;
    private int fps = 30;
    private int frames = 30;
    private long startTicks = 10 * CLOCK;
    private int pixelFormat = AV_PIX_FMT_YUV420P;
    private String codec = has("libx264") ? "libx264" : "libopenh264";
    private String container = "mpegts";
    private int gop = 60;
    private int bFrames;
    private boolean pictures = true;
    private boolean announced = true;
    private boolean audio = true;
    private double soundFrom;
    private boolean data;
    private boolean keyframes = true;
    private IntToLongFunction times = i -> (long) i * CLOCK / fps;
    private UnaryOperator<byte[]> tamper = UnaryOperator.identity();
    private final Map<String, String> options = new HashMap<>();
    private final Map<String, String> muxing = new HashMap<>();

    private record Timed(int stream, byte[] data, long pts, long dts, boolean key) {}

    static boolean has(String encoder) {
        return avcodec_find_encoder_by_name(encoder) != null;
    }

    Clip size(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        return this;
    }

    Clip fps(int newFps) {
        fps = newFps;
        return this;
    }

    Clip frames(int count) {
        frames = count;
        return this;
    }

    Clip start(long ticks) {
        startTicks = ticks;
        return this;
    }

    Clip format(int newPixelFormat) {
        pixelFormat = newPixelFormat;
        return this;
    }

    Clip codec(String name) {
        codec = name;
        return this;
    }

    Clip in(String muxer) {
        container = muxer;
        return this;
    }

    Clip gop(int newGop) {
        gop = newGop;
        return this;
    }

    Clip bFrames(int count) {
        bFrames = codec.equals("libx264") ? count : 0;
        return this;
    }

    Clip silent() {
        audio = false;
        return this;
    }

    Clip soundFrom(double seconds) {
        soundFrom = seconds;
        return this;
    }

    /** A video stream that is announced and never comes. */
    Clip pictureless() {
        pictures = false;
        return this;
    }

    Clip soundAlone() {
        pictures = false;
        announced = false;
        return this;
    }

    Clip withData() {
        data = true;
        return this;
    }

    Clip withoutKeyframes() {
        keyframes = false;
        return this;
    }

    /** Time of each picture in ticks of 1/90000 s from the start. */
    Clip times(IntToLongFunction ticks) {
        times = ticks;
        return this;
    }

    /** Changes the bytes of each picture. */
    Clip tamper(UnaryOperator<byte[]> with) {
        tamper = with;
        return this;
    }

    Clip option(String key, String value) {
        options.put(key, value);
        return this;
    }

    /** An option of the muxer. */
    Clip muxing(String key, String value) {
        muxing.put(key, value);
        return this;
    }

    /** The presentation times, in ticks. */
    List<Long> ticks() {
        List<Long> ticks = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            ticks.add(startTicks + times.applyAsLong(i));
        }
        return ticks;
    }

    byte[] make() {
        AVFormatContext format = new AVFormatContext(null);
        CodecError.check(avformat_alloc_output_context2(format, null, container, (String) null));
        boolean apart = (format.oformat().flags() & AVFMT_GLOBALHEADER) != 0;
        AVIOContext io = new AVIOContext(null);
        CodecError.check(avio_open_dyn_buf(io));
        format.pb(io).max_interleave_delta(0);
        if (container.equals("mpegts")) {
            format.avoid_negative_ts(0);
        }
        List<Timed> packets = new ArrayList<>();
        if (announced) {
            AVCodecContext video = video(apart);
            stream(format, video);
            if (pictures) {
                drawAll(video, packets);
            }
            avcodec_free_context(video);
        }
        if (audio) {
            AVCodecContext audio = audio(apart);
            stream(format, audio);
            soundAll(audio, packets);
            avcodec_free_context(audio);
        }
        if (data) {
            AVStream stream = avformat_new_stream(format, (AVCodec) null);
            stream.codecpar().codec_type(AVMEDIA_TYPE_DATA).codec_id(AV_CODEC_ID_TIMED_ID3);
            for (int i = 0; i < 3; i++) {
                long at = startTicks + i * 9000L;
                packets.add(new Timed(format.nb_streams() - 1, new byte[] {'I', 'D', '3', 4, 0}, at, at, true));
            }
        }
        packets.sort((a, b) -> Long.compare(a.dts, b.dts));
        AVDictionary settings = new AVDictionary(null);
        // Else it seeks back at the end, and closing a memory buffer pads it where it stands.
        av_dict_set(settings, "flvflags", "no_duration_filesize", 0);
        muxing.forEach((key, value) -> av_dict_set(settings, key, value, 0));
        CodecError.check(avformat_write_header(format, settings));
        av_dict_free(settings);
        packets.forEach(packet -> write(format, packet));
        CodecError.check(av_write_trailer(format));
        BytePointer buffer = new BytePointer((BytePointer) null);
        byte[] bytes = new byte[avio_close_dyn_buf(io, buffer)];
        buffer.capacity(bytes.length).get(bytes);
        av_free(buffer);
        format.pb(null);
        avformat_free_context(format);
        return bytes;
    }

    private static void stream(AVFormatContext format, AVCodecContext codec) {
        AVStream stream = avformat_new_stream(format, (AVCodec) null);
        CodecError.check(avcodec_parameters_from_context(stream.codecpar(), codec));
        stream.time_base().num(1).den(CLOCK);
    }

    private static void write(AVFormatContext format, Timed timed) {
        AVPacket packet = av_packet_alloc();
        CodecError.check(av_new_packet(packet, timed.data.length));
        packet.data().put(timed.data);
        packet.pts(timed.pts).dts(timed.dts).stream_index(timed.stream).flags(timed.key ? AV_PKT_FLAG_KEY : 0);
        try (org.bytedeco.ffmpeg.avutil.AVRational clock = new org.bytedeco.ffmpeg.avutil.AVRational()) {
            clock.num(1).den(CLOCK);
            av_packet_rescale_ts(packet, clock, format.streams(timed.stream).time_base());
        }
        CodecError.check(av_interleaved_write_frame(format, packet));
        av_packet_free(packet);
    }

    private AVCodecContext video(boolean apart) {
        AVCodec found = avcodec_find_encoder_by_name(codec);
        AVCodecContext context = avcodec_alloc_context3(found);
        context.width(width).height(height).pix_fmt(pixelFormat).gop_size(gop).max_b_frames(bFrames).thread_count(1);
        context.time_base().num(1).den(CLOCK);
        context.framerate().num(fps).den(1);
        context.bit_rate(600_000);
        AVDictionary dictionary = new AVDictionary(null);
        if (codec.startsWith("libx26")) {
            av_dict_set(dictionary, "preset", "ultrafast", 0);
        }
        if (codec.equals("libx265")) {
            av_dict_set(dictionary, "x265-params", "log-level=none:pools=none:frame-threads=1", 0);
        }
        if (codec.equals("libopenh264")) {
            av_dict_set(dictionary, "allow_skip_frames", "0", 0);
        }
        options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
        open(context, found, dictionary, apart);
        return context;
    }

    private static AVCodecContext audio(boolean apart) {
        AVCodec found = avcodec_find_encoder_by_name("aac");
        AVCodecContext context = avcodec_alloc_context3(found);
        context.sample_rate(SAMPLE_RATE).sample_fmt(AV_SAMPLE_FMT_FLTP).bit_rate(64_000);
        context.time_base().num(1).den(SAMPLE_RATE);
        av_channel_layout_default(context.ch_layout(), 1);
        open(context, found, new AVDictionary(null), apart);
        return context;
    }

    private static void open(AVCodecContext context, AVCodec codec, AVDictionary options, boolean apart) {
        if (apart) {
            context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        CodecError.check(avcodec_open2(context, codec, options));
        av_dict_free(options);
    }

    private void drawAll(AVCodecContext context, List<Timed> packets) {
        List<Long> ticks = ticks();
        for (int i = 0; i < frames; i++) {
            AVFrame frame = draw(i);
            frame.pts(ticks.get(i));
            encode(context, frame, 0, packets);
            av_frame_free(frame);
        }
        encode(context, null, 0, packets);
    }

    private AVFrame draw(int number) {
        AVFrame frame = av_frame_alloc();
        frame.format(pixelFormat).width(width).height(height);
        CodecError.check(av_frame_get_buffer(frame, 0));
        AVPixFmtDescriptor format = av_pix_fmt_desc_get(pixelFormat);
        boolean wide = format.comp(0).depth() > 8;
        for (int plane = 0; plane < 3; plane++) {
            int columns = plane == 0 ? width : -(-width >> format.log2_chroma_w());
            int rows = plane == 0 ? height : -(-height >> format.log2_chroma_h());
            byte[] row = new byte[columns * (wide ? 2 : 1)];
            BytePointer data = frame.data(plane);
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    int value = 16 + Math.floorMod(x + 2 * y + 7 * number + 60 * plane, 200);
                    if (wide) {
                        row[2 * x] = (byte) (value << 2);
                        row[2 * x + 1] = (byte) (value >> 6);
                    } else {
                        row[x] = (byte) value;
                    }
                }
                data.position((long) y * frame.linesize(plane)).put(row);
            }
        }
        return frame;
    }

    private void soundAll(AVCodecContext context, List<Timed> packets) {
        double seconds = (double) times.applyAsLong(frames) / CLOCK;
        long count = Math.max(1, Math.round((seconds - soundFrom) * SAMPLE_RATE / SAMPLES));
        long start = startTicks + Math.round(soundFrom * CLOCK);
        for (int i = 0; i < count; i++) {
            AVFrame frame = av_frame_alloc();
            frame.format(AV_SAMPLE_FMT_FLTP).nb_samples(SAMPLES).sample_rate(SAMPLE_RATE);
            av_channel_layout_default(frame.ch_layout(), 1);
            CodecError.check(av_frame_get_buffer(frame, 0));
            FloatPointer samples = new FloatPointer(frame.data(0));
            for (int s = 0; s < SAMPLES; s++) {
                samples.put(s, (float) (0.4 * Math.sin(2 * Math.PI * 440 * (i * SAMPLES + s) / SAMPLE_RATE)));
            }
            frame.pts((long) i * SAMPLES + start * SAMPLE_RATE / CLOCK);
            encode(context, frame, announced ? 1 : 0, packets);
            av_frame_free(frame);
        }
        encode(context, null, announced ? 1 : 0, packets);
    }

    private void encode(AVCodecContext context, AVFrame frame, int stream, List<Timed> packets) {
        CodecError.check(avcodec_send_frame(context, frame));
        AVPacket packet = av_packet_alloc();
        while (avcodec_receive_packet(context, packet) >= 0) {
            byte[] bytes = new byte[packet.size()];
            packet.data().get(bytes);
            boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
            boolean picture = context.width() > 0;
            long scale = picture ? CLOCK : SAMPLE_RATE;
            byte[] sent = picture ? tamper.apply(keyframes || !key ? bytes : headers(bytes)) : bytes;
            packets.add(new Timed(
                    stream, sent, packet.pts() * CLOCK / scale, packet.dts() * CLOCK / scale, keyframes && key));
        }
        av_packet_free(packet);
    }

    /** The stream headers of a keyframe without its picture. */
    private static byte[] headers(byte[] keyframe) {
        for (int i = 0; i + 3 < keyframe.length; i++) {
            if (keyframe[i] == 0 && keyframe[i + 1] == 0 && keyframe[i + 2] == 1 && (keyframe[i + 3] & 0x1f) == 5) {
                return Arrays.copyOf(keyframe, i);
            }
        }
        return keyframe;
    }
}
