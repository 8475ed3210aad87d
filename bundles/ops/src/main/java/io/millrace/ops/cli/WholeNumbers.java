package io.millrace.ops.cli;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** Reads whole numbers, and refuses others with Go's messages. */
final class WholeNumbers {

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+");
    private static final int LONGEST = 100;

    private WholeNumbers() {}

    /**
     * A number of 64 bits.
     *
     * @throws NumberFormatException with Go's sentence
     */
    static long parse(String text) {
        if (text.length() > LONGEST || !NUMBER.matcher(text).matches()) {
            throw refused(text, "invalid syntax");
        }
        BigInteger number = new BigInteger(text);
        if (number.bitLength() >= Long.SIZE) {
            throw refused(text, "value out of range");
        }
        return number.longValue();
    }

    private static NumberFormatException refused(String text, String why) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return new NumberFormatException("strconv.Atoi: parsing \"" + shown + "\": " + why);
    }
}
