package io.millrace.launcher.demo;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.millrace.launcher.Refused;
import java.nio.charset.StandardCharsets;

/** Reports errors of FFmpeg's functions in the words of this program. */
final class FfmpegCalls {

    private FfmpegCalls() {}

    static void quiet() {
        av_log_set_level(AV_LOG_ERROR);
    }

    /** From now on errors are the consequence of an end that was asked for. */
    static void silent() {
        av_log_set_level(AV_LOG_QUIET);
    }

    /** Passes a result on, or says what could not be done and why. */
    static int check(int code, String doing) {
        if (code < 0) {
            throw new Refused("Could not " + doing + ": " + text(code) + ".");
        }
        return code;
    }

    private static String text(int code) {
        byte[] text = new byte[128];
        av_strerror(code, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }
}
