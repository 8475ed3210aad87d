package io.millrace.media.rtmp;

/**
 * The time line of one track, in milliseconds. A publisher's sound and pictures may have clocks of their own, so each
 * track is followed by itself over the wrap of its 32 bits, and where it begins it is put beside the other track. A
 * timestamp that is far from the one before it is not believed until the next one bears it out.
 */
final class TimeLine {

    /** What a timestamp is to those before it. */
    enum Step {
        /** It goes on from the one before. */
        ON,
        /** It is far from the one before: the next one will tell what that means. */
        FAR,
        /** It goes on from the one before, which was far, so that there was a pause, or the clock was set. */
        MOVED,
        /** It goes on from those before the last one, which was far and strayed alone. */
        BACK
    }

    /** Timestamps this far apart follow each other, in milliseconds; slow streams are given more. */
    private static final int NEAR = 500;

    /** Pictures may come out of order by this much. */
    private static final int REORDERED = 500;

    /** A stream may have so long between two pictures; more is a clock that was set. */
    private static final int PAUSE = 10_000;

    /** Tracks with the same clock are this close where they are interleaved as they should be. */
    private static final int INTERLEAVED = 2_000;

    /** A track with the same clock arrives behind the other by so much at most. */
    private static final int LATE = 10_000;

    private boolean begun;
    private int first;
    private int last;
    private int far;
    private boolean doubting;
    private int usual;
    private long time;

    /** Judges a timestamp. The time line moves on only when {@link #at} or {@link #begin} is called for it. */
    Step step(int timestamp) {
        boolean doubted = doubting;
        doubting = false;
        if (!begun || near(timestamp - last)) {
            return doubted ? Step.BACK : Step.ON;
        }
        boolean rising = isPause(far - last) && isPause(timestamp - far);
        if (doubted && (near(timestamp - far) || rising)) {
            return Step.MOVED;
        }
        far = timestamp;
        doubting = true;
        return Step.FAR;
    }

    /** Whether {@code timestamp} comes after a pause, and not from a clock that was set. */
    boolean pausedUntil(int timestamp) {
        return begun && isPause(timestamp - last);
    }

    /** The time of a timestamp on the line as it is. */
    long expected(int timestamp) {
        return time + (timestamp - last);
    }

    /** The time of the next picture or frame, which goes on, or begins the line beside {@code other}. */
    long at(int timestamp, TimeLine other) {
        if (!begun) {
            return begin(timestamp, other);
        }
        int step = timestamp - last;
        time += step;
        last = timestamp;
        usual = step > 0 ? Math.min(step, PAUSE / 3) : usual;
        return time;
    }

    /**
     * Begins a line with this timestamp. Where the clock can be that of the other track, the distance of the two
     * stays as it is; else what arrives together is played together. Without another track the time goes on.
     */
    long begin(int timestamp, TimeLine other) {
        int ahead = timestamp - other.last;
        boolean passed = timestamp - other.first >= -INTERLEAVED && ahead >= -LATE;
        if (!other.begun) {
            time = begun ? time + usual : Integer.toUnsignedLong(timestamp);
        } else if (ahead <= INTERLEAVED && (ahead >= -INTERLEAVED || passed)) {
            time = other.time + ahead;
        } else {
            time = begun ? Math.max(other.time, time + usual) : other.time;
        }
        begun = true;
        first = timestamp;
        last = timestamp;
        return time;
    }

    private boolean near(int step) {
        return step <= Math.max(NEAR, 3 * usual) && step >= -Math.max(REORDERED, usual);
    }

    private static boolean isPause(int step) {
        return step > 0 && step <= PAUSE;
    }
}
