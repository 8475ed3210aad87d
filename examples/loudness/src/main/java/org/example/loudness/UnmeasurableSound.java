package org.example.loudness;

import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** The loudness of a file cannot be measured; the message is for the sender of the file. */
final class UnmeasurableSound extends Exception {

    private static final long serialVersionUID = 1L;

    UnmeasurableSound(String message) {
        super(message);
    }

    /** Passes a result of FFmpeg on, or throws its own words for what went wrong. */
    static int check(int code) throws UnmeasurableSound {
        if (code >= 0) {
            return code;
        }
        byte[] text = new byte[128];
        av_strerror(code, text, text.length);
        throw new UnmeasurableSound(new String(text, StandardCharsets.UTF_8).trim());
    }
}
