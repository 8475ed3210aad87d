package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_open_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_tell;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_free;

import io.millrace.api.job.VideoProfile.Container;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;

/**
 * One rendition in memory: pictures first, sound second. Presentation times are those that come in, so
 * that renditions of consecutive segments join; decoding times are made to rise. For one thread.
 */
final class SegmentOutput implements AutoCloseable {

    /** The most that a gateway fetches. */
    private static final long MOST_BYTES = 300_000_000;

    /** AVFMT_AVOID_NEG_TS_DISABLED: times go around at 2^33 in MPEG-TS, as they do in the source. */
    private static final int KEEP_TIMES = 0;

    private final Container container;
    private final AudioFormat audioFormat;
    private final AVFormatContext format = new AVFormatContext(null);
    private final AVIOContext io = new AVIOContext(null);
    private final OutputGrowth growth;
    private long written;
    private Track videoTrack;
    private Track audioTrack;

    /** A stream of the output and the last decoding time in it. */
    private static final class Track {

        final AVStream stream;
        final Fraction from;
        long lastDts = AV_NOPTS_VALUE;

        Track(AVStream stream, Fraction from) {
            this.stream = stream;
            this.from = from;
        }
    }

    /** Is told each new size before more is written, and may refuse it. */
    @FunctionalInterface
    interface OutputGrowth {

        /** The output grows from one number of bytes to another. */
        void grows(long before, long after);
    }

    /** @param audioFormat null for none */
    SegmentOutput(Container container, AudioFormat audioFormat, OutputGrowth growth) {
        this.growth = growth;
        this.container = container;
        this.audioFormat = audioFormat;
    }

    boolean begun() {
        return videoTrack != null;
    }

    /** Begins, when the encoder is known. */
    void begin(AVCodecContext encoder, Fraction base) {
        String muxer = container == Container.MP4 ? "mp4" : "mpegts";
        CodecError.check(avformat_alloc_output_context2(format, null, muxer, (String) null));
        CodecError.check(avio_open_dyn_buf(io));
        format.pb(io);
        // A slow encoder must not let sound run ahead unsorted.
        format.max_interleave_delta(0);
        if (container != Container.MP4) {
            format.avoid_negative_ts(KEEP_TIMES);
        }
        AVStream video = avformat_new_stream(format, (AVCodec) null);
        CodecError.check(avcodec_parameters_from_context(video.codecpar(), encoder));
        video.time_base().num(base.num()).den(base.den());
        video.avg_frame_rate().num(encoder.framerate().num()).den(encoder.framerate().den());
        Track newVideoTrack = new Track(video, base);
        if (audioFormat != null) {
            AVStream audio = avformat_new_stream(format, (AVCodec) null);
            CodecError.check(avcodec_parameters_copy(audio.codecpar(), audioFormat.parameters()));
            audio.time_base().num(audioFormat.base().num()).den(audioFormat.base().den());
            audioTrack = new Track(audio, audioFormat.base());
        }
        CodecError.check(avformat_write_header(format, new AVDictionary(null)));
        videoTrack = newVideoTrack;
    }

    /** Writes a packet of the encoder; its times are in the base given at the beginning. */
    void picture(AVPacket packet) {
        write(packet, videoTrack);
    }

    /** Writes a packet of sound; its times are in the sound's own base. */
    void audio(AVPacket packet) {
        write(packet, audioTrack);
    }

    private void write(AVPacket packet, Track track) {
        Fraction to = Fraction.of(track.stream.time_base());
        long pts = track.from.rescale(packet.pts(), to);
        long dts = packet.dts() == AV_NOPTS_VALUE ? pts : track.from.rescale(packet.dts(), to);
        if (track.lastDts != AV_NOPTS_VALUE) {
            dts = Math.max(dts, track.lastDts + 1);
        } else if (container != Container.MP4 && pts >= 0) {
            // Reordering would begin before zero, which MPEG-TS cannot say.
            dts = Math.max(dts, 0);
        }
        if (dts > pts) {
            if (track.lastDts == AV_NOPTS_VALUE || pts > track.lastDts) {
                dts = pts;
            } else {
                pts = dts;
            }
        }
        track.lastDts = dts;
        packet.pts(pts).dts(dts);
        packet.duration(track.from.rescale(packet.duration(), to));
        packet.stream_index(track.stream.index());
        packet.time_base().num(to.num()).den(to.den());
        CodecError.check(av_interleaved_write_frame(format, packet));
        long size = avio_tell(io);
        if (size > MOST_BYTES) {
            throw CodecError.tooLarge(MOST_BYTES);
        }
        growth.grows(written, size);
        written = size;
    }

    /** The bytes of the output, after everything was written. */
    byte[] finish() {
        if (!begun()) {
            throw new CodecError(CodecError.ZERO_SEGMENTS);
        }
        CodecError.check(av_write_trailer(format));
        byte[] data = take();
        return container == Container.MP4 ? Mp4.indexFirst(data) : data;
    }

    private byte[] take() {
        BytePointer buffer = new BytePointer((BytePointer) null);
        int size = avio_close_dyn_buf(io, buffer);
        io.setNull();
        byte[] data = new byte[Math.max(0, size)];
        buffer.capacity(data.length).get(data);
        av_free(buffer);
        return data;
    }

    @Override
    public void close() {
        if (!io.isNull()) {
            take();
        }
        if (!format.isNull()) {
            format.pb(null);
            avformat_free_context(format);
            format.setNull();
        }
    }
}
