package io.millrace.media.hls;

import java.time.Duration;

/**
 * The origin's bounds and the rule of its target duration.
 *
 * @param window segments listed in a media playlist; as many again stay readable behind it
 * @param targetSeconds least {@code EXT-X-TARGETDURATION}
 * @param retention how long an ended stream stays readable
 */
record HlsLimits(int window, int targetSeconds, Duration retention) {

    /** A player begins three target durations before the end (RFC 8216, 6.3.3). */
    static final int LEAST_WINDOW = 3;

    private static final double HEADROOM = 1.5;

    /** Refuses what no playlist can be made with, by the setting's name. */
    HlsLimits {
        atLeast(LEAST_WINDOW, window, "window");
        atLeast(1, targetSeconds, "targetSeconds");
        atLeast(0, retention.toSeconds(), "retentionSeconds");
    }

    private static void atLeast(long least, long value, String setting) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "Setting " + setting + " of " + HlsOrigin.PID + " is too small: it is at least " + least);
        }
    }

    /**
     * The target duration of a stream for all its life: the first segment's length and half of it
     * again, rounded up, but at least {@link #targetSeconds()}. Segments cut at keyframes vary; half a
     * length of headroom takes what an encoder with a steady keyframe interval makes.
     */
    int targetDuration(Duration firstSegment) {
        return Math.max(targetSeconds, (int) Math.ceil(firstSegment.toMillis() * HEADROOM / 1000));
    }
}
