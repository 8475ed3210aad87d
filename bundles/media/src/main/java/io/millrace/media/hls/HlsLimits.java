package io.millrace.media.hls;

import java.time.Duration;

/**
 * The origin's bounds and the rule of its target duration.
 *
 * @param window segments listed in a media playlist; as many again stay readable behind it
 * @param targetSeconds least {@code EXT-X-TARGETDURATION}
 * @param retention how long an ended stream stays readable
 * @param maxBytes of all segments of all streams
 */
record HlsLimits(int window, int targetSeconds, Duration retention, long maxBytes) {

    private static final double HEADROOM = 1.5;

    /**
     * The target duration of a stream for all its life: the first segment's length and half of it
     * again, rounded up, but at least {@link #targetSeconds()}. Segments cut at keyframes vary; half a
     * length of headroom takes what an encoder with a steady keyframe interval makes.
     */
    int targetDuration(Duration firstSegment) {
        return Math.max(targetSeconds, (int) Math.ceil(firstSegment.toMillis() * HEADROOM / 1000));
    }
}
