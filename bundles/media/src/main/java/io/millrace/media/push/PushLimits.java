package io.millrace.media.push;

import java.time.Duration;

/**
 * The bounds of one push.
 *
 * @param bodyBytes longest segment (the network's: 300 seconds of 8 Mbit/s)
 * @param answer longest wait for the renditions of a short segment
 */
record PushLimits(int bodyBytes, Duration answer) {

    /** The network's own bound. */
    static final int MAX_BODY = 300_000_000;

    /** Longest segment. */
    static final long MAX_MILLIS = Duration.ofMinutes(5).toMillis();

    private static final int MAX_MULTIPLIER = 100;

    // three attempts of four times the segment's length, as a gateway gives an orchestrator, and a margin
    private static final int ANSWER_BY_LENGTH = 15;

    /** Refuses to wait for nothing, by the setting's name. */
    PushLimits {
        if (!answer.isPositive()) {
            throw new IllegalArgumentException(
                    "Setting answerSeconds of " + PushIngest.PID + " is too small: it is at least 1");
        }
    }

    /** How long to wait for the renditions of a segment. */
    Duration answer(Duration segment, int multiplier) {
        return answer.plus(segment.multipliedBy((long) ANSWER_BY_LENGTH * multiplier));
    }

    /** A sender's multiplier within bounds. */
    static int multiplier(int asked) {
        return Math.clamp(asked, 1, MAX_MULTIPLIER);
    }
}
