package io.millrace.launcher.demo;

import static io.millrace.launcher.demo.FfmpegCalls.check;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AAC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.millrace.launcher.Refused;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** Sends a file to an RTMP address in real time. */
final class RtmpSender implements AutoCloseable {

    private static final long NANOS = 1_000_000_000L;

    private final Path file;
    private final AVFormatContext output = new AVFormatContext(null);
    private final AVIOContext io = new AVIOContext(null);
    private final AVPacket packet = av_packet_alloc();
    private final long start = System.nanoTime();
    private boolean headerWritten;
    private double played;
    private double sent;

    RtmpSender(Path file, String address) {
        FfmpegCalls.quiet();
        this.file = file;
        check(avformat_alloc_output_context2(output, null, "flv", address), "publish");
        check(avio_open(io, address, AVIO_FLAG_WRITE), "publish to " + address);
        output.pb(io);
    }

    /**
     * Sends the file, over and over if so asked.
     *
     * @param seconds stops after so many seconds of video; 0 for no limit
     */
    void run(boolean loop, int seconds) throws InterruptedException {
        double limit = seconds == 0 ? Double.MAX_VALUE : seconds;
        do {
            double before = sent;
            // Where the longer of picture and sound ends, the next round begins.
            once(sent, limit);
            if (sent <= before) {
                throw new Refused(file + " has no frames to play.");
            }
        } while (loop && played < limit);
        check(av_write_trailer(output), "end the stream");
    }

    /** Seconds of video sent so far. */
    double played() {
        return played;
    }

    private void once(double offset, double limit) throws InterruptedException {
        AVFormatContext input = new AVFormatContext(null);
        AVInputFormat any = new AVInputFormat(null);
        check(avformat_open_input(input, file.toString(), any, new AVDictionary(null)), "read " + file);
        try {
            check(avformat_find_stream_info(input, new AVDictionary(null)), "read " + file);
            int video = av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
            int audio = av_find_best_stream(input, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
            if (!headerWritten) {
                describe(input, video, audio);
            }
            double first = Double.NaN;
            while (av_read_frame(input, packet) >= 0) {
                boolean isVideo = packet.stream_index() == video;
                if (isVideo || packet.stream_index() == audio) {
                    AVStream from = input.streams(packet.stream_index());
                    double at = packet.dts() == AV_NOPTS_VALUE ? Double.NaN : packet.dts() * seconds(from.time_base());
                    first = Double.isNaN(first) ? at : first;
                    if (isVideo && offset + at - first >= limit) {
                        break;
                    }
                    send(from, output.streams(isVideo ? 0 : 1), offset - first, isVideo);
                }
                av_packet_unref(packet);
            }
        } finally {
            av_packet_unref(packet);
            avformat_close_input(input);
        }
    }

    private void describe(AVFormatContext input, int video, int audio) {
        if (video < 0 || input.streams(video).codecpar().codec_id() != AV_CODEC_ID_H264) {
            throw new Refused(file + " has no H.264 video, which RTMP needs. Convert it first, for instance:"
                    + " ffmpeg -i FILE -c:v libx264 -g 60 -c:a aac out.mp4");
        }
        if (audio >= 0 && input.streams(audio).codecpar().codec_id() != AV_CODEC_ID_AAC) {
            throw new Refused(file + " has audio that is not AAC, which RTMP needs. Convert it first, for instance:"
                    + " ffmpeg -i FILE -c:v copy -c:a aac out.mp4");
        }
        for (int index : audio < 0 ? new int[] {video} : new int[] {video, audio}) {
            AVStream stream = avformat_new_stream(output, null);
            check(avcodec_parameters_copy(stream.codecpar(), input.streams(index).codecpar()), "describe the stream");
            stream.codecpar().codec_tag(0);
        }
        check(avformat_write_header(output, new AVDictionary(null)), "begin the stream");
        headerWritten = true;
    }

    private void send(AVStream from, AVStream to, double shift, boolean isVideo) throws InterruptedException {
        av_packet_rescale_ts(packet, from.time_base(), to.time_base());
        long ticks = Math.round(shift / seconds(to.time_base()));
        packet.pts(packet.pts() + ticks);
        packet.dts(packet.dts() + ticks);
        packet.stream_index(to.index());
        double at = packet.dts() * seconds(to.time_base());
        double until = at + Math.max(packet.duration(), 1) * seconds(to.time_base());
        sent = Math.max(sent, until);
        if (isVideo) {
            played = Math.max(played, until);
        }
        long wait = start + (long) (at * NANOS) - System.nanoTime();
        if (wait > 0) {
            Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
        }
        check(av_interleaved_write_frame(output, packet), "send the stream");
    }

    private static double seconds(AVRational base) {
        return (double) base.num() / base.den();
    }

    @Override
    public void close() {
        av_packet_free(packet);
        avio_closep(io);
        avformat_free_context(output);
    }
}
