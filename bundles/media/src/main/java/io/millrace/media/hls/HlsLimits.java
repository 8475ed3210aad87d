package io.millrace.media.hls;

import java.time.Duration;

/**
 * The origin's bounds and the rule of its target duration.
 *
 * @param window segments listed in a media playlist, more where they last less than three target durations; as many
 *     again stay readable behind it
 * @param targetSeconds least {@code EXT-X-TARGETDURATION}
 * @param retention how long an ended stream stays readable
 */
record HlsLimits(int window, int targetSeconds, Duration retention) {

    /** A player begins three target durations before the end (RFC 8216, 6.3.3). */
    static final int LEAST_WINDOW = 3;

    /** Segments in a media playlist at most, where three target durations are more than the window. */
    static final int LONGEST_LIST = 256;

    private static final double MILLIS_PER_SECOND = 1000;

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
     * The least target duration with which a segment may be listed: its length, rounded to the nearest second (RFC
     * 8216, 4.3.3.1), but at least {@link #targetSeconds()}.
     */
    int targetDuration(Duration segment) {
        return Math.max(targetSeconds, (int) Math.round(segment.toMillis() / MILLIS_PER_SECOND));
    }
}
