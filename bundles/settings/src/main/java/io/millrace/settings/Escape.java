package io.millrace.settings;

/** Text as a properties file wants it. */
final class Escape {

    private Escape() {}

    static String key(String key) {
        StringBuilder out = new StringBuilder();
        for (char c : key.toCharArray()) {
            if (c == ':' || c == '=' || c == ' ' || c == '#' || c == '!') {
                out.append('\\');
            }
            out.append(control(c));
        }
        return out.toString();
    }

    static String value(String value) {
        StringBuilder out = new StringBuilder();
        for (char c : value.toCharArray()) {
            if (c == ' ' && out.isEmpty()) {
                out.append('\\');
            }
            out.append(control(c));
        }
        return out.toString();
    }

    private static String control(char c) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            default -> c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c);
        };
    }
}
