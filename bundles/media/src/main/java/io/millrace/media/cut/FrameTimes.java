package io.millrace.media.cut;

/**
 * Restores the exact times of frames at a constant rate, which RTMP rounds to milliseconds. If the rounding stayed, a
 * scaler or encoder would double and drop the frames that lie half-way between two of its time steps.
 */
final class FrameTimes {

    /** How far rounding may have moved a time, in ticks of 90 kHz. */
    private static final double ROUNDING = 91;

    private final double period;
    private boolean anchored;
    private double anchor;

    /** With {@code period} ticks between two times; 0 when unknown, which leaves times as they are. */
    FrameTimes(double period) {
        this.period = period;
    }

    /** The time itself, or the one it was rounded from. */
    long snap(long time) {
        if (period < ROUNDING) {
            return time;
        }
        if (anchored) {
            double exact = anchor + distance(time - anchor);
            if (Math.abs(exact - time) <= ROUNDING) {
                anchor = exact;
                return Math.round(exact);
            }
        }
        anchored = true;
        anchor = time;
        return time;
    }

    /** Likewise for the distance of two times. */
    long snapDistance(long distance) {
        if (period < ROUNDING) {
            return distance;
        }
        double exact = distance(distance);
        return Math.abs(exact - distance) <= ROUNDING ? Math.round(exact) : distance;
    }

    /** Begins anew with the next time. */
    void reset() {
        anchored = false;
    }

    private double distance(double rounded) {
        return Math.rint(rounded / period) * period;
    }
}
