package org.example.loudness;

import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_FLAG_CUSTOM_IO;
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
import static org.bytedeco.ffmpeg.global.avformat.AVIO_SEEKABLE_NORMAL;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** The first track of sound in a file in memory, decoded. Used by one thread; everything native is freed by close. */
final class SoundInput implements AutoCloseable {

    private static final String CONTAINERS =
            "mpegts,mov,mp4,m4a,matroska,webm,ogg,wav,w64,flac,mp3,aac,ac3,aiff,caf,flv";

    /** What FFmpeg may read beyond the end. */
    private static final int PADDING = 64;

    private final AVPacket packet = av_packet_alloc();
    private final AVIOContext reader;
    private AVFormatContext container;
    private AVCodecContext decoder;
    private int track;
    private boolean flushed;

    SoundInput(byte[] file) throws UnmeasurableSound {
        // All of the file is the reader's buffer, so that FFmpeg never calls back into Java.
        BytePointer buffer = new BytePointer(av_malloc(file.length + (long) PADDING));
        buffer.capacity(file.length).put(file, 0, file.length);
        reader = avio_alloc_context(buffer, file.length, 0, new Pointer(), null, null, null);
        reader.buf_ptr(buffer);
        reader.buf_end(buffer.getPointer(file.length));
        reader.pos(file.length);
        reader.seekable(AVIO_SEEKABLE_NORMAL);
        try {
            open();
        } catch (UnmeasurableSound | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open() throws UnmeasurableSound {
        container = avformat_alloc_context();
        container.pb(reader);
        container.flags(AVFMT_FLAG_CUSTOM_IO);
        AVDictionary options = new AVDictionary(null);
        // A playlist or a list of files would have FFmpeg open what it names.
        av_dict_set(options, "format_whitelist", CONTAINERS, 0);
        av_dict_set(options, "protocol_whitelist", "none", 0);
        int opened = avformat_open_input(container, (String) null, null, options);
        av_dict_free(options);
        if (opened < 0) {
            // It has freed the container itself.
            container = null;
        }
        UnmeasurableSound.check(opened);
        UnmeasurableSound.check(avformat_find_stream_info(container, (PointerPointer<?>) null));
        track = av_find_best_stream(container, AVMEDIA_TYPE_AUDIO, -1, -1, (PointerPointer<?>) null, 0);
        if (track < 0) {
            throw new UnmeasurableSound("there is no sound in it");
        }
        AVStream stream = container.streams(track);
        AVCodec codec = avcodec_find_decoder(stream.codecpar().codec_id());
        if (codec == null) {
            throw new UnmeasurableSound("its sound is in a format that is not known here");
        }
        decoder = avcodec_alloc_context3(codec);
        UnmeasurableSound.check(avcodec_parameters_to_context(decoder, stream.codecpar()));
        decoder.thread_count(1);
        UnmeasurableSound.check(avcodec_open2(decoder, codec, (AVDictionary) null));
    }

    /** The next piece of sound; false at the end. A piece that does not decode is left out. */
    boolean read(AVFrame frame) throws UnmeasurableSound {
        while (true) {
            int got = avcodec_receive_frame(decoder, frame);
            if (got >= 0) {
                return true;
            }
            if (got == AVERROR_EOF || flushed) {
                return false;
            }
            if (got != AVERROR_EAGAIN()) {
                UnmeasurableSound.check(got);
            }
            feed();
        }
    }

    private void feed() {
        int got = av_read_frame(container, packet);
        if (got < 0) {
            flushed = true;
            avcodec_send_packet(decoder, null);
            return;
        }
        if (packet.stream_index() == track) {
            avcodec_send_packet(decoder, packet);
        }
        av_packet_unref(packet);
    }

    @Override
    public void close() {
        if (decoder != null) {
            avcodec_free_context(decoder);
        }
        if (container != null) {
            avformat_close_input(container);
        }
        av_packet_free(packet);
        av_free(reader.buffer());
        avio_context_free(reader);
    }
}
