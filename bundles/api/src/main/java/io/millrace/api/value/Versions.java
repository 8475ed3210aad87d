package io.millrace.api.value;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The network's rule for "at least this version": semantic, with pre-release and build left aside. */
final class Versions {

    private static final Pattern SEMVER =
            Pattern.compile("v?(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?(?:[-+][0-9A-Za-z.+-]*)?");

    private Versions() {}

    /** No minimum, or one that is no version, is satisfied by all; a nameless version satisfies none. */
    static boolean satisfies(String minimum, String version) {
        if (minimum.isEmpty()) {
            return true;
        }
        if (version.isEmpty() || version.equals("undefined")) {
            return false;
        }
        int[] least = parse(minimum);
        int[] actual = parse(version);
        if (least == null) {
            return true;
        }
        return actual != null && Arrays.compare(actual, least) >= 0;
    }

    private static int[] parse(String text) {
        Matcher matcher = SEMVER.matcher(text);
        return matcher.matches()
                ? new int[] {number(matcher.group(1)), number(matcher.group(2)), number(matcher.group(3))}
                : null;
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
