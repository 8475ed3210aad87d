package io.millrace.media.probe;

/** The presentation times of one track, in ticks of 90 kHz that wrap at 33 bits. */
final class PresentationTimes {

    private static final long WRAP = 1L << 33;
    private static final double TICKS_PER_SECOND = 90_000;

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

    /** From the earliest to the latest, in ticks. */
    long span() {
        return greatest - least;
    }

    /** From the earliest to the end of the latest, which is taken to last as long as the others on average; else 0. */
    double seconds() {
        return stamps < 2 ? 0 : span() * (double) stamps / (stamps - 1) / TICKS_PER_SECOND;
    }
}
