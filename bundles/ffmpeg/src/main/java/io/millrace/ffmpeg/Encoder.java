package io.millrace.ffmpeg;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The H.264 encoders that are known here, best first. */
enum Encoder {
    NVENC("h264_nvenc"),
    X264("libx264"),
    OPENH264("libopenh264");

    /** Presets of x264, fastest first. */
    static final List<String> PRESETS = List.of(
            "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo");

    private static final int B_FRAMES = 3;
    /** The network's rule of thumb: this much above x264's constant quality looks the same. */
    private static final int NVENC_QUALITY_OFFSET = 7;

    private static final int COARSEST = 51;

    /** FFmpeg's name. */
    final String codec;

    Encoder(String codec) {
        this.codec = codec;
    }

    /** The name in the configuration. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Consecutive B-frames for this profile. */
    int bFrames(EncoderProfile profile) {
        return switch (profile) {
            case H264_BASELINE, H264_CONSTRAINED_HIGH -> 0;
            case H264_MAIN, H264_HIGH -> this == OPENH264 ? 0 : B_FRAMES;
            case NONE -> this == X264 ? B_FRAMES : 0;
        };
    }

    /** Options of its own. */
    Map<String, String> options(VideoProfile profile, String preset) {
        Map<String, String> options = new LinkedHashMap<>();
        String named = profileName(profile.encoderProfile());
        if (named != null) {
            options.put("profile", named);
        }
        switch (this) {
            case X264 -> {
                options.put("preset", preset);
                options.put("forced-idr", "1");
                if (profile.quality() > 0) {
                    options.put("crf", Integer.toString(Math.min(profile.quality(), COARSEST)));
                }
            }
            case NVENC -> {
                options.put("preset", "medium");
                options.put("forced-idr", "1");
                if (profile.quality() > 0) {
                    options.put("cq", Integer.toString(Math.min(profile.quality() + NVENC_QUALITY_OFFSET, COARSEST)));
                }
            }
            case OPENH264 -> {
                // It drops pictures to keep the rate otherwise.
                options.put("allow_skip_frames", "0");
                options.put("rc_mode", profile.quality() > 0 ? "quality" : "bitrate");
            }
        }
        return options;
    }

    private String profileName(EncoderProfile profile) {
        return switch (profile) {
            case NONE -> null;
            case H264_BASELINE -> this == OPENH264 ? "constrained_baseline" : "baseline";
            case H264_MAIN -> "main";
            case H264_HIGH, H264_CONSTRAINED_HIGH -> "high";
        };
    }
}
