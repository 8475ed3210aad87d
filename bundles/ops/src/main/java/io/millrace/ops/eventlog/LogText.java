package io.millrace.ops.eventlog;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Formats text and numbers for a log line. */
final class LogText {

    static final int LONGEST = 300;

    /** Letters, marks and signs that show nothing: fillers of Hangul, selectors of variants, an empty pattern of Braille. */
    private static final Set<Integer> BLANK = Stream.of(
                    IntStream.of(0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0),
                    IntStream.rangeClosed(0x180b, 0x180f),
                    IntStream.rangeClosed(0xfe00, 0xfe0f),
                    IntStream.rangeClosed(0xe0100, 0xe01ef))
            .flatMap(IntStream::boxed)
            .collect(Collectors.toUnmodifiableSet());

    private LogText() {}

    /**
     * One line, not too long, of what can be seen: whatever moves the cursor, turns the writing direction or shows
     * nothing is written as its number, so that two texts that differ look different.
     */
    static String text(String foreign) {
        StringBuilder plain = new StringBuilder();
        foreign.codePoints().limit(LONGEST).forEach(c -> append(plain, c));
        if (foreign.codePointCount(0, foreign.length()) > LONGEST) {
            plain.append("...");
        }
        return plain.toString().strip();
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }

    /** How many times faster than it plays video was transcoded: below 1 a stream falls behind. */
    static String speed(Duration work, Duration video) {
        return work.isZero()
                ? "in no time"
                : String.format(Locale.ROOT, "%.2f x real time", (double) video.toNanos() / work.toNanos());
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static void append(StringBuilder plain, int c) {
        if (c == '\n' || c == '\r' || c == '\t') {
            plain.append(' ');
        } else if (visible(c)) {
            plain.appendCodePoint(c);
        } else {
            plain.append(String.format("\\u%04x", c));
        }
    }

    private static boolean visible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> !BLANK.contains(c);
        };
    }
}
