package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** Work on a segment ended; the message is the text that goes over the wire, exact. */
final class CodecError extends RuntimeException {

    static final String NO_KEYFRAMES = "No keyframes in input";
    static final String TOO_MANY_OUTPUTS = "Too many outputs";
    static final String RUNAWAY = "Encoded frames runaway";
    static final String FILTERS = "Error initializing filtergraph";
    static final String INVALID_DATA = "Invalid data found when processing input";
    static final String NO_ENCODER = "Encoder not found";
    static final String INVALID_VIDEO = "TranscoderInvalidVideo";
    static final String INVALID_DURATION = "TranscoderInvalidDuration";
    static final String INVALID_CLIP = "TranscoderInvalidClipConfig";
    static final String INVALID_GOP = "TranscoderInvalidGOP";
    static final String ZERO_SEGMENTS = "ZeroSegments";

    private static final long serialVersionUID = 1L;

    CodecError(String message) {
        super(message, null, false, false);
    }

    /** FFmpeg's own text for one of its negative codes. */
    static CodecError of(int code) {
        byte[] text = new byte[128];
        av_strerror(code, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new CodecError(new String(text, 0, end, StandardCharsets.UTF_8));
    }

    /** Passes a result on, or throws when it is an error. */
    static int check(int code) {
        if (code < 0) {
            throw of(code);
        }
        return code;
    }
}
