package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_free;

import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVStream;

/**
 * The format of the sound that is copied. It holds a copy of the parameters, since the demuxer goes on changing the
 * original.
 */
record AudioFormat(AVCodecParameters parameters, Fraction base) implements AutoCloseable {

    /** Null for no sound, or one that is announced and never comes, so that nothing is known of it. */
    static AudioFormat of(AVStream stream) {
        if (stream == null || stream.codecpar().sample_rate() <= 0) {
            return null;
        }
        AVCodecParameters parameters = avcodec_parameters_alloc();
        CodecError.check(avcodec_parameters_copy(parameters, stream.codecpar()));
        // Another container has another.
        parameters.codec_tag(0);
        return new AudioFormat(parameters, Fraction.of(stream.time_base()));
    }

    @Override
    public void close() {
        avcodec_parameters_free(parameters);
    }
}
