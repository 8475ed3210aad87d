package io.millrace.ops.narrate;

import java.time.Duration;
import java.util.Locale;

/** Text as it may stand in a log line. */
final class Plain {

    /** Longest text of a peer that is shown, in characters. */
    static final int LONGEST = 300;

    private Plain() {}

    /** One line without anything that moves the cursor or turns the writing direction, not too long. */
    static String text(String foreign) {
        StringBuilder plain = new StringBuilder();
        foreign.codePoints().limit(LONGEST).map(Plain::visible).forEach(plain::appendCodePoint);
        if (foreign.codePointCount(0, foreign.length()) > LONGEST) {
            plain.append("...");
        }
        return plain.toString().strip();
    }

    /** Seconds with one digit. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }

    /** Work by video: below 1 is faster than it plays. */
    static String pace(Duration work, Duration video) {
        return video.isZero() ? "of no length" : String.format(Locale.ROOT, "%.2f x real time", ratio(work, video));
    }

    private static double ratio(Duration work, Duration video) {
        return (double) work.toNanos() / video.toNanos();
    }

    /** "1 segment", "2 segments". */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static int visible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> ' ';
            default -> c;
        };
    }
}
