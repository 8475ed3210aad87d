package org.example.captions;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Captions in the SubRip format: cues of a number, a line of times, and text up to an empty line. */
final class SubRip {

    private static final String TIME = "(\\d{1,3}):([0-5]\\d):([0-5]\\d)[,.](\\d{3})";
    private static final Pattern TIMES = Pattern.compile(TIME + "\\s+-->\\s+" + TIME + "(\\s.*)?");
    private static final Pattern STYLE = Pattern.compile("</?font[^>]*>|\\{\\\\[^}]*}");

    private SubRip() {}

    /**
     * The same captions as WebVTT.
     *
     * @throws IllegalArgumentException when they are none; the message names the line
     */
    static String toWebVtt(String captions) {
        List<String> lines = captions.replaceFirst("^\\uFEFF", "").lines().toList();
        StringBuilder vtt = new StringBuilder("WEBVTT\n");
        int line = 0;
        while (line < lines.size()) {
            if (lines.get(line).isBlank()) {
                line++;
                continue;
            }
            if (lines.get(line).strip().matches("\\d{1,9}")) {
                line++;
            }
            vtt.append('\n').append(times(lines, line++)).append('\n');
            while (line < lines.size() && !lines.get(line).isBlank()) {
                vtt.append(text(lines.get(line++))).append('\n');
            }
        }
        return vtt.toString();
    }

    private static String times(List<String> lines, int line) {
        Matcher times = TIMES.matcher(line < lines.size() ? lines.get(line).strip() : "");
        if (!times.matches()) {
            throw new IllegalArgumentException(
                    "line " + (line + 1) + " should be like 00:00:01,000 --> 00:00:02,500");
        }
        return time(times, 1) + " --> " + time(times, 5);
    }

    private static String time(Matcher times, int first) {
        String hours = times.group(first);
        return (hours.length() < 2 ? "0" + hours : hours) + ":" + times.group(first + 1) + ":"
                + times.group(first + 2) + "." + times.group(first + 3);
    }

    /** WebVTT knows no fonts, and takes {@code -->} in a text for a line of times. */
    private static String text(String line) {
        return STYLE.matcher(line.strip()).replaceAll("").replace("-->", "--&gt;");
    }
}
