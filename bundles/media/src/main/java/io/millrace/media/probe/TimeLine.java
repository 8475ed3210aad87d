package io.millrace.media.probe;

import java.time.Duration;
import java.util.OptionalLong;

/** The presentation times of one track, in ticks of 90 kHz that wrap at 33 bits. */
final class TimeLine {

    private static final long WRAP = 1L << 33;
    private static final double NANOS_PER_TICK = 1e9 / 90_000;

    private long first = -1;
    private long least;
    private long greatest;
    private int stamps;

    /** Takes a time; one that is absent (negative) is passed over. */
    void add(long pts) {
        if (pts < 0) {
            return;
        }
        if (first < 0) {
            first = pts;
        }
        long offset = Math.floorMod(pts - first + WRAP / 2, WRAP) - WRAP / 2;
        least = Math.min(least, offset);
        greatest = Math.max(greatest, offset);
        stamps++;
    }

    int stamps() {
        return stamps;
    }

    OptionalLong start() {
        return first < 0 ? OptionalLong.empty() : OptionalLong.of(Math.floorMod(first + least, WRAP));
    }

    /** From the earliest to the latest, in ticks. */
    long span() {
        return greatest - least;
    }

    static Duration duration(double ticks) {
        return Duration.ofNanos(Math.round(ticks * NANOS_PER_TICK));
    }
}
