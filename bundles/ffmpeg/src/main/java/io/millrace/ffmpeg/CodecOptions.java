package io.millrace.ffmpeg;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pipeline's settings, checked.
 *
 * @param encoders those allowed, best first
 * @param preset of x264
 * @param concurrency segments at once
 * @param sessions reservations at once
 * @param pixelsPerSecond that one segment may decode and encode for each second of its media
 * @param cacheDirectory where natives are unpacked; null for JavaCPP's own place
 * @param quiet without work for so long, memory goes back to the system
 * @param stop how long closing waits for what runs
 */
record CodecOptions(
        List<Encoder> encoders,
        String preset,
        int concurrency,
        int sessions,
        long pixelsPerSecond,
        Path cacheDirectory,
        Duration quiet,
        Duration stop) {

    /** Ten renditions of 2560x1440 at 60 pictures a second, and a source twice as large in each direction. */
    static final int DEFAULT_MEGAPIXELS = 4000;

    static final long MEGAPIXEL = 1_000_000;

    private static final String AUTO = "auto";

    /** For a small node: everything as the settings' defaults say. */
    static CodecOptions defaults() {
        return new CodecOptions(
                encoders(AUTO),
                "veryfast",
                concurrency(0),
                100,
                DEFAULT_MEGAPIXELS * MEGAPIXEL,
                null,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
    }

    /** Checks the numbers. */
    CodecOptions {
        encoders = List.copyOf(encoders);
        if (!Encoder.PRESETS.contains(preset)) {
            throw new IllegalArgumentException("preset is \"" + preset + "\"; it must be one of " + Encoder.PRESETS);
        }
        if (concurrency < 1 || sessions < 1 || pixelsPerSecond < 1) {
            throw new IllegalArgumentException("concurrency, sessions and maxMegapixelsPerSecond must be at least 1");
        }
    }

    /** The encoders that a setting allows. */
    static List<Encoder> encoders(String setting) {
        if (setting.equals(AUTO)) {
            return List.of(Encoder.values());
        }
        return Arrays.stream(Encoder.values())
                .filter(encoder -> encoder.key().equals(setting))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new IllegalArgumentException("encoder is \"" + setting + "\"; it must be one of "
                        + Stream.concat(Stream.of(AUTO), Arrays.stream(Encoder.values()).map(Encoder::key))
                                .collect(Collectors.joining(", "))));
    }

    /** Segments at once; 0 stands for one more than there are processors, after which only waiting grows. */
    static int concurrency(int setting) {
        return setting == 0 ? Runtime.getRuntime().availableProcessors() + 1 : setting;
    }
}
