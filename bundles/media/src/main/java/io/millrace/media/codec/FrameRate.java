package io.millrace.media.codec;

/** Chooses a frame rate from the one that the stream announces and the one that is counted. */
public final class FrameRate {

    /** How far the rate counted may lie from the rate announced for the latter to be believed. */
    private static final double TOLERANCE = 0.02;

    /** How far rounding to ticks or milliseconds may push a rate counted over a second or more. */
    private static final double ROUNDING = 0.001;

    private static final double[] USUAL = {
        10, 12, 15, 24_000 / 1001.0, 24, 25, 30_000 / 1001.0, 30, 48, 50, 60_000 / 1001.0, 60, 120
    };

    private FrameRate() {}

    /**
     * The rate announced when the rate counted bears it out, else the usual rate nearest to the one
     * counted; three decimals, 0 when neither is known.
     */
    public static double settle(double announced, double counted) {
        boolean believable = announced > 0 && (counted == 0 || Math.abs(announced - counted) <= counted * TOLERANCE);
        return Math.round((believable ? announced : usual(counted)) * 1000) / 1000.0;
    }

    private static double usual(double counted) {
        double best = counted;
        double distance = counted * ROUNDING;
        for (double rate : USUAL) {
            if (Math.abs(rate - counted) <= distance) {
                best = rate;
                distance = Math.abs(rate - counted);
            }
        }
        return best;
    }
}
