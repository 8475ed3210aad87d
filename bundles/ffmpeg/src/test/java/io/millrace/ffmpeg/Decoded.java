package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.PointerPointer;

/**
 * What a player finds in a file. It opens a file by name as players do and shares no code with the
 * pipeline.
 *
 * @param profile the H.264 profile's number
 * @param delay pictures that reordering holds back
 * @param packets of video, in the order of the file
 * @param frames as they are shown
 * @param audio packets of it
 */
record Decoded(
        String container, int streams, int profile, int delay, List<Packet> packets, List<Frame> frames, List<Packet> audio) {

    /** Times in ticks of 1/90000 s. */
    record Packet(long pts, long dts, boolean key, int bytes) {}

    /** A picture; its time in ticks of 1/90000 s. */
    record Frame(long pts, int width, int height, boolean key, boolean interlaced, char type) {}

    static Decoded of(byte[] file) {
        try {
            Path path = Files.createTempFile("decoded", ".bin");
            try {
                Files.write(path, file);
                return read(path);
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pixels() {
        return frames.stream().mapToLong(frame -> (long) frame.width * frame.height).sum();
    }

    List<Long> times() {
        return frames.stream().map(Frame::pts).toList();
    }

    List<Long> keyframes() {
        return packets.stream().filter(Packet::key).map(Packet::pts).toList();
    }

    private static Decoded read(Path path) {
        AVFormatContext format = new AVFormatContext(null);
        CodecError.check(avformat_open_input(format, path.toString(), (AVInputFormat) null, new AVDictionary(null)));
        CodecError.check(avformat_find_stream_info(format, (PointerPointer<?>) null));
        List<Packet> packets = new ArrayList<>();
        List<Frame> frames = new ArrayList<>();
        List<Packet> audio = new ArrayList<>();
        AVCodecContext decoder = null;
        for (int i = 0; i < format.nb_streams(); i++) {
            AVStream stream = format.streams(i);
            if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO) {
                AVCodec codec = avcodec_find_decoder(stream.codecpar().codec_id());
                decoder = avcodec_alloc_context3(codec);
                CodecError.check(avcodec_parameters_to_context(decoder, stream.codecpar()));
                decoder.thread_count(1);
                CodecError.check(avcodec_open2(decoder, codec, new AVDictionary(null)));
            }
        }
        AVPacket packet = av_packet_alloc();
        Fraction base = null;
        while (av_read_frame(format, packet) >= 0) {
            AVStream stream = format.streams(packet.stream_index());
            Fraction from = Fraction.of(stream.time_base());
            Packet seen = new Packet(
                    ticks(packet.pts(), from),
                    ticks(packet.dts(), from),
                    (packet.flags() & AV_PKT_FLAG_KEY) != 0,
                    packet.size());
            if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO) {
                packets.add(seen);
                base = from;
                CodecError.check(avcodec_send_packet(decoder, packet));
                drain(decoder, base, frames);
            } else if (stream.codecpar().codec_type() == AVMEDIA_TYPE_AUDIO) {
                audio.add(seen);
            }
            av_packet_unref(packet);
        }
        int delay = 0;
        int profile = 0;
        if (decoder != null) {
            avcodec_send_packet(decoder, null);
            drain(decoder, base, frames);
            delay = decoder.has_b_frames();
            profile = decoder.profile();
            avcodec_free_context(decoder);
        }
        String name = format.iformat().name().getString();
        int streams = format.nb_streams();
        av_packet_free(packet);
        avformat_close_input(format);
        return new Decoded(name, streams, profile, delay, packets, frames, audio);
    }

    private static void drain(AVCodecContext decoder, Fraction base, List<Frame> frames) {
        AVFrame frame = av_frame_alloc();
        while (avcodec_receive_frame(decoder, frame) >= 0) {
            frames.add(new Frame(
                    ticks(frame.pts(), base),
                    frame.width(),
                    frame.height(),
                    (frame.flags() & AVFrame.AV_FRAME_FLAG_KEY) != 0,
                    (frame.flags() & AVFrame.AV_FRAME_FLAG_INTERLACED) != 0,
                    " IPB".charAt(Math.min(3, frame.pict_type()))));
        }
        av_frame_free(frame);
    }

    private static long ticks(long time, Fraction base) {
        return base.rescale(time, new Fraction(1, Clip.CLOCK));
    }
}
