package io.millrace.launcher.demo;

import static io.millrace.launcher.demo.FfmpegCalls.check;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
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
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_set_frame_size;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_parse_ptr;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_inout_alloc;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;
import static org.bytedeco.ffmpeg.global.avutil.av_strdup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/** The stream of the demo when there is no file: 720p, 30 frames a second, a moving picture with a clock, a tone. */
final class Clip implements AutoCloseable {

    private static final int SECONDS = 20;
    private static final int FRAMES_PER_SECOND = 30;
    private static final int SAMPLES_PER_SECOND = 48_000;
    private static final String PICTURE = "testsrc2=size=1280x720:rate=" + FRAMES_PER_SECOND + ":duration=" + SECONDS
            + ",format=yuv420p";
    private static final String TONE = "sine=frequency=440:beep_factor=4:sample_rate=" + SAMPLES_PER_SECOND
            + ":duration=" + SECONDS + ",volume=0.2,aformat=sample_fmts=fltp:channel_layouts=stereo";

    private final AVFormatContext output = new AVFormatContext(null);
    private final AVIOContext io = new AVIOContext(null);
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private final Track picture;
    private final Track tone;

    /** One encoder fed by one source. */
    private record Track(
            AVFilterGraph graph, AVFilterContext sink, AVCodecContext encoder, AVStream stream) {}

    /** Makes the clip unless it is there already. */
    static void make(Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            return;
        }
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        try (Clip clip = new Clip(unfinished)) {
            clip.encode();
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private Clip(Path file) {
        FfmpegCalls.quiet();
        check(avformat_alloc_output_context2(output, null, "flv", file.toString()), "make a clip");
        check(avio_open(io, file.toString(), AVIO_FLAG_WRITE), "write " + file);
        output.pb(io);
        picture = track(PICTURE, "buffersink", videoEncoder());
        tone = track(TONE, "abuffersink", audioEncoder());
        av_buffersink_set_frame_size(tone.sink, tone.encoder.frame_size());
        check(avformat_write_header(output, new AVDictionary(null)), "write " + file);
    }

    private AVCodecContext videoEncoder() {
        AVCodec codec = avcodec_find_encoder_by_name("libx264");
        boolean x264 = codec != null;
        if (!x264) {
            codec = avcodec_find_encoder_by_name("libopenh264");
        }
        AVCodecContext encoder = avcodec_alloc_context3(codec);
        encoder.width(1280);
        encoder.height(720);
        encoder.pix_fmt(AV_PIX_FMT_YUV420P);
        encoder.time_base(av_make_q(1, FRAMES_PER_SECOND));
        encoder.framerate(av_make_q(FRAMES_PER_SECOND, 1));
        encoder.gop_size(2 * FRAMES_PER_SECOND);
        encoder.bit_rate(2_500_000);
        if (x264) {
            av_opt_set(encoder.priv_data(), "preset", "veryfast", 0);
            av_opt_set(encoder.priv_data(), "x264-params", "scenecut=0", 0);
        }
        return open(encoder, codec);
    }

    private AVCodecContext audioEncoder() {
        AVCodec codec = avcodec_find_encoder_by_name("aac");
        AVCodecContext encoder = avcodec_alloc_context3(codec);
        encoder.sample_fmt(AV_SAMPLE_FMT_FLTP);
        encoder.sample_rate(SAMPLES_PER_SECOND);
        av_channel_layout_default(encoder.ch_layout(), 2);
        encoder.time_base(av_make_q(1, SAMPLES_PER_SECOND));
        encoder.bit_rate(96_000);
        return open(encoder, codec);
    }

    private AVCodecContext open(AVCodecContext encoder, AVCodec codec) {
        if ((output.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
            encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        check(avcodec_open2(encoder, codec, new AVDictionary(null)), "open the encoder");
        return encoder;
    }

    private Track track(String source, String sinkName, AVCodecContext encoder) {
        AVFilterGraph graph = avfilter_graph_alloc();
        AVFilterContext sink = new AVFilterContext(null);
        check(
                avfilter_graph_create_filter(sink, avfilter_get_by_name(sinkName), "out", null, null, graph),
                "make a picture");
        AVFilterInOut inputs = avfilter_inout_alloc();
        inputs.name(av_strdup(new BytePointer("out")));
        inputs.filter_ctx(sink);
        inputs.pad_idx(0);
        inputs.next(null);
        AVFilterInOut outputs = new AVFilterInOut(null);
        check(avfilter_graph_parse_ptr(graph, source + "[out]", inputs, outputs, null), "make a picture");
        check(avfilter_graph_config(graph, null), "make a picture");
        AVStream stream = avformat_new_stream(output, null);
        check(avcodec_parameters_from_context(stream.codecpar(), encoder), "describe the clip");
        stream.time_base(encoder.time_base());
        return new Track(graph, sink, encoder, stream);
    }

    private void encode() {
        boolean morePicture = true;
        boolean moreTone = true;
        double pictureAt = 0;
        double toneAt = 0;
        while (morePicture || moreTone) {
            if (morePicture && (!moreTone || pictureAt <= toneAt)) {
                morePicture = step(picture);
                pictureAt += 1.0 / FRAMES_PER_SECOND;
            } else {
                moreTone = step(tone);
                toneAt += (double) tone.encoder.frame_size() / SAMPLES_PER_SECOND;
            }
        }
        check(av_write_trailer(output), "finish the clip");
    }

    private boolean step(Track track) {
        boolean more = av_buffersink_get_frame(track.sink, frame) >= 0;
        frame.pict_type(AV_PICTURE_TYPE_NONE);
        check(avcodec_send_frame(track.encoder, more ? frame : null), "encode the clip");
        av_frame_unref(frame);
        while (avcodec_receive_packet(track.encoder, packet) >= 0) {
            AVRational from = track.encoder.time_base();
            av_packet_rescale_ts(packet, from, track.stream.time_base());
            packet.stream_index(track.stream.index());
            check(av_interleaved_write_frame(output, packet), "write the clip");
        }
        return more;
    }

    @Override
    public void close() {
        for (Track track : new Track[] {picture, tone}) {
            avcodec_free_context(track.encoder);
            avfilter_graph_free(track.graph);
        }
        av_packet_free(packet);
        av_frame_free(frame);
        avio_closep(io);
        avformat_free_context(output);
    }
}
