package io.millrace.media.probe;

/** A frame rate counted from times that were rounded to ticks or milliseconds. */
final class CountedRate {

    /** How far rounding may push a rate counted over a second or more. */
    private static final double ROUNDING = 0.001;

    private static final double[] USUAL = {
        10, 12, 15, 24_000 / 1001.0, 24, 25, 30_000 / 1001.0, 30, 48, 50, 60_000 / 1001.0, 60, 120
    };

    private CountedRate() {}

    /** The usual rate nearest to {@code counted}, or itself when none is near; three decimals. */
    static double usual(double counted) {
        double best = counted;
        double distance = counted * ROUNDING;
        for (double rate : USUAL) {
            if (Math.abs(rate - counted) <= distance) {
                best = rate;
                distance = Math.abs(rate - counted);
            }
        }
        return Math.round(best * 1000) / 1000.0;
    }
}
