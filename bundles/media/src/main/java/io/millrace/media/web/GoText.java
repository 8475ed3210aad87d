package io.millrace.media.web;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Texts in the form that Go's standard library gives them, because peers' clients and logs show them. */
public final class GoText {

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private GoText() {}

    /** {@code text} in double quotes with everything unprintable escaped ({@code %q}). */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append(String.format("\\x%02x", c));
                    } else if (Character.isISOControl(c) || !Character.isDefined(c) || Character.getType(c) == Character.SURROGATE) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    /** A duration such as {@code 1m2.5s}, {@code 300ms}, {@code 0s}. */
    public static String duration(long millis) {
        if (millis == 0) {
            return "0s";
        }
        if (millis < SECOND) {
            return millis + "ms";
        }
        StringBuilder out = new StringBuilder();
        if (millis >= HOUR) {
            out.append(millis / HOUR).append('h');
        }
        if (millis >= MINUTE) {
            out.append(millis % HOUR / MINUTE).append('m');
        }
        return out.append(seconds(millis % MINUTE)).append('s').toString();
    }

    /** Seconds as a decimal number without needless zeros. */
    public static String seconds(long millis) {
        BigDecimal value = BigDecimal.valueOf(millis, 3).stripTrailingZeros();
        return value.toPlainString();
    }

    /** A decoded path in the form it has in an address. */
    public static String escapedPath(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_.~$&+,/:;=@".indexOf(c) >= 0) {
                out.append((char) c);
            } else {
                out.append(String.format("%%%02X", c));
            }
        }
        return out.toString();
    }
}
