package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_flush;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_seek;
import static org.bytedeco.ffmpeg.global.avformat.avio_tell;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NONE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set_int;

import io.millrace.api.job.VideoProfile.Container;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The packets of one segment in memory. The container is told from its first bytes and never probed,
 * so that nobody's bytes reach a demuxer that opens files or addresses. For one thread.
 *
 * <p>Throws {@link CodecError} with the text of the wire when there is no video to work on.
 */
final class SegmentInput implements AutoCloseable {

    /** The codecs that the pipeline offers to decode. FFmpeg has hundreds more, which are refused. */
    private static final Set<Integer> VIDEO_CODECS = Set.of(AV_CODEC_ID_H264, AV_CODEC_ID_VP8);

    /** What may be opened to learn a stream's parameters. */
    private static final String CODECS = "h264,vp8,aac,aac_latm,mp3float,mp3,mp2,mp2float,ac3,eac3,opus,vorbis,flac";

    /** The largest picture of H.264's highest level. */
    static final long MOST_PIXELS = 36_000_000;

    /** Streams of a file that are looked at; each takes memory of its own. */
    private static final int MOST_STREAMS = 32;

    /** Beyond this a stated frame rate says nothing about how many pictures there are. */
    private static final double FASTEST = 120;

    private static final double USUAL_RATE = 30;
    private static final int MAX_SECONDS = 300;
    private static final int MICROS = 1_000_000;

    private final WorkGuard guard;
    private final Interruption interruption;
    private final MemoryInput io;
    private final double declaredSeconds;
    private final long key;
    private long firstPts = AV_NOPTS_VALUE;
    private long lastPts = AV_NOPTS_VALUE;
    private final AVFormatContext format;
    private final AVPacket packet;
    private final String demuxer;
    private final long mostPixels;
    private final int video;
    private final int audio;
    private final Rotation rotation;

    /**
     * @param guard is asked while the file is read
     * @param interruption asks it while FFmpeg learns what the file is; null for a file that is known
     */
    SegmentInput(byte[] data, WorkGuard guard, Interruption interruption) {
        this.guard = guard;
        this.interruption = interruption;
        demuxer = demuxer(data);
        boolean ts = demuxer.equals("mpegts");
        byte[] input = switch (demuxer) {
            case "mpegts" -> TransportStream.withOrderedSei(data);
            case "mov" -> Mp4TableCheck.checked(data);
            default -> data;
        };
        io = new MemoryInput(input);
        try {
            mostPixels = look();
            format = open(io, demuxer);
        } catch (RuntimeException e) {
            io.close();
            throw e;
        }
        key = interruption == null ? 0 : interruption.watch(format, guard::ended);
        packet = av_packet_alloc();
        try {
            learn();
            declaredSeconds = ts ? TransportStream.seconds(input) : Math.max(0, (double) format.duration() / MICROS);
            if ((long) declaredSeconds > MAX_SECONDS) {
                throw new CodecError(CodecError.INVALID_DURATION);
            }
            video = bestStream(AVMEDIA_TYPE_VIDEO);
            audio = bestStream(AVMEDIA_TYPE_AUDIO);
            rotation = video < 0 ? null : Rotation.of(stream(video));
            if (video < 0 || audio >= 0 && pictureless(stream(video)) || size().area() > MOST_PIXELS) {
                throw new CodecError(CodecError.INVALID_VIDEO);
            }
            for (int i = 0; i < format.nb_streams(); i++) {
                if (i != video && i != audio) {
                    format.streams(i).discard(AVDISCARD_ALL);
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static String demuxer(byte[] data) {
        if (data.length > 8 && (tag(data, 4, "ftyp") || tag(data, 4, "styp") || tag(data, 4, "moov"))) {
            return "mov";
        }
        if (tag(data, 0, "FLV")) {
            return "flv";
        }
        if (tag(data, 0, "\u001aE\u00df\u00a3")) {
            return "matroska";
        }
        if (TransportStream.looksLike(data)) {
            return "mpegts";
        }
        throw new CodecError(CodecError.INVALID_VIDEO);
    }

    private static boolean tag(byte[] data, int at, String tag) {
        for (int i = 0; i < tag.length(); i++) {
            if (at + i >= data.length || (data[at + i] & 0xff) != tag.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static AVFormatContext open(MemoryInput io, String demuxer) {
        AVFormatContext format = avformat_alloc_context();
        format.pb(io.context());
        format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_CUSTOM_IO);
        AVInputFormat input = av_find_input_format(demuxer);
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "codec_whitelist", CODECS, 0);
        av_dict_set(options, "max_streams", Integer.toString(MOST_STREAMS), 0);
        int opened = avformat_open_input(format, (String) null, input, options);
        av_dict_free(options);
        if (opened < 0) {
            // It has freed the context itself.
            throw new CodecError(CodecError.INVALID_VIDEO);
        }
        return format;
    }

    /** Pixels of a picture that FFmpeg may decode to learn what the file is. */
    private long look() {
        AVFormatContext looked = open(io, demuxer);
        try {
            return SliceCheck.mostPixels(looked, guard);
        } finally {
            avformat_close_input(looked);
            avio_seek(io.context(), 0, 0);
        }
    }

    /**
     * Learns what the streams are; that decodes some pictures, of no more than {@link #mostPixels}. FFmpeg takes
     * this bound for streams only that it knows before it begins.
     */
    private void learn() {
        if (format.nb_streams() == 0) {
            readThrough();
        }
        if (demuxer.equals("mpegts")) {
            // Streams that no table names yet stay unknown.
            av_opt_set_int(format.priv_data(), "skip_changes", 1, 0);
        }
        int streams = format.nb_streams();
        int result;
        try (PointerPointer<AVDictionary> bounds = new PointerPointer<>(Math.max(1, streams))) {
            for (int i = 0; i < streams; i++) {
                AVDictionary bound = new AVDictionary(null);
                av_dict_set(bound, "max_pixels", Long.toString(mostPixels), 0);
                bounds.put(i, bound);
            }
            result = avformat_find_stream_info(format, bounds);
            for (int i = 0; i < streams; i++) {
                av_dict_free(bounds.position(i));
            }
            bounds.position(0);
        }
        guard.check();
        if (result < 0) {
            throw new CodecError(CodecError.INVALID_VIDEO);
        }
    }

    /** Some containers tell of a stream only with its first packet. */
    private void readThrough() {
        long begin = avio_tell(io.context());
        while (av_read_frame(format, packet) >= 0) {
            av_packet_unref(packet);
            guard.check();
        }
        avformat_flush(format);
        avio_seek(io.context(), begin, 0);
    }

    private int bestStream(int type) {
        int index = av_find_best_stream(format, type, -1, -1, (AVCodec) null, 0);
        return index >= 0 && (type == AVMEDIA_TYPE_AUDIO || decodable(index)) ? index : -1;
    }

    private boolean decodable(int index) {
        return VIDEO_CODECS.contains(stream(index).codecpar().codec_id());
    }

    private static boolean pictureless(AVStream stream) {
        return stream.codecpar().format() == AV_PIX_FMT_NONE && stream.codecpar().height() == 0;
    }

    /** The next packet of video or audio, valid until the next call; null at the end. */
    AVPacket next() {
        while (true) {
            av_packet_unref(packet);
            guard.check();
            int ret = av_read_frame(format, packet);
            if (ret == AVERROR_EOF) {
                return null;
            }
            CodecError.check(ret);
            if (packet.stream_index() == video) {
                count(packet.pts());
                return packet;
            }
            if (packet.stream_index() == audio) {
                return packet;
            }
        }
    }

    private void count(long pts) {
        if (pts != AV_NOPTS_VALUE) {
            firstPts = firstPts == AV_NOPTS_VALUE ? pts : Math.min(firstPts, pts);
            lastPts = lastPts == AV_NOPTS_VALUE ? pts : Math.max(lastPts, pts);
        }
    }

    /** Seconds of media: what the container says, or what has been read of the pictures where that is more. */
    double seconds() {
        double read = firstPts == AV_NOPTS_VALUE
                ? 0
                : (lastPts - firstPts) * Fraction.of(video().time_base()).toDouble();
        return Math.clamp(Math.max(declaredSeconds, read), 0, MAX_SECONDS);
    }

    /** Pictures a second. */
    double rate() {
        Fraction average = Fraction.of(video().avg_frame_rate());
        return average.positive() ? Math.min(average.toDouble(), FASTEST) : USUAL_RATE;
    }

    boolean isVideo(AVPacket of) {
        return of.stream_index() == video;
    }

    boolean isKeyframe(AVPacket of) {
        return (of.flags() & AV_PKT_FLAG_KEY) != 0;
    }

    /** As the container says, upright; a picture may differ. */
    Size size() {
        return rotation.turned(new Size(video().codecpar().width(), video().codecpar().height()));
    }

    /** Sets pictures upright. */
    Rotation rotation() {
        return rotation;
    }

    AVStream video() {
        return stream(video);
    }

    /** The sound to copy, or null. */
    AVStream audio() {
        return audio < 0 ? null : stream(audio);
    }

    /** What renditions are in when the profile does not say. */
    Container container() {
        return demuxer.equals("mov") ? Container.MP4 : Container.MPEGTS;
    }

    private AVStream stream(int index) {
        return format.streams(index);
    }

    @Override
    public void close() {
        if (rotation != null) {
            rotation.close();
        }
        av_packet_free(packet);
        avformat_close_input(format);
        if (interruption != null) {
            interruption.forget(key);
        }
        io.close();
    }
}
