package org.example.loudness;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How loud a piece of sound is, after EBU R 128.
 *
 * @param integrated of all of it, in LUFS; -70 is silence
 * @param range between soft and loud, in LU
 * @param truePeak highest point of the signal between its samples too, in dBTP; empty when not measured
 * @param seconds how much sound there was
 */
record Loudness(double integrated, double range, OptionalDouble truePeak, double seconds) {

    /** What the caller gets. */
    String toJson() {
        String peak = truePeak.isPresent() ? ",\"truePeak\":" + number(truePeak.getAsDouble()) : "";
        return "{\"integrated\":" + number(integrated) + ",\"range\":" + number(range) + peak + ",\"seconds\":"
                + number(seconds) + "}\n";
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "null";
    }
}
