package io.millrace.media.push;

import java.time.Duration;

/**
 * The bounds of one push.
 *
 * @param bodyBytes longest segment (the network's: 300 seconds of 8 Mbit/s)
 * @param answer longest wait for the renditions of a short segment
 * @param streamsPerAddress streams that one remote address may have open; 0 for any number
 */
record PushLimits(int bodyBytes, Duration answer, int streamsPerAddress) {

    /** The network's own bound. */
    static final int MAX_BODY = 300_000_000;

    /** Longest segment. */
    static final long MAX_MILLIS = Duration.ofMinutes(5).toMillis();

    private static final int MAX_MULTIPLIER = 100;

    // senders push the segments of one stream in parallel
    private static final int UPLOADS_OF_A_STREAM = 4;

    // three attempts of four times the segment's length, as a gateway gives an orchestrator, and a margin
    private static final int ANSWER_BY_LENGTH = 15;

    /** Refuses to wait for nothing, by the setting's name. */
    PushLimits {
        if (streamsPerAddress < 0) {
            throw new IllegalArgumentException("Setting maxStreamsPerAddress of " + PushIngest.PID
                    + " is too small: it is at least 0, which means any number");
        }
        if (!answer.isPositive()) {
            throw new IllegalArgumentException(
                    "Setting answerSeconds of " + PushIngest.PID + " is too small: it is at least 1");
        }
    }

    /** Bodies that one remote address may send at once; 0 for any number. */
    int uploadsPerAddress() {
        return UPLOADS_OF_A_STREAM * streamsPerAddress;
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
