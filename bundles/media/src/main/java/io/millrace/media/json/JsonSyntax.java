package io.millrace.media.json;

import java.nio.charset.StandardCharsets;

/**
 * Finds the first place where text is no JSON, and says it in the words of Go's {@code encoding/json},
 * which go-livepeer's clients get to see. Recursion is bounded.
 */
final class JsonSyntax {

    private static final int END = -1;

    private final byte[] text;
    private final int maxDepth;
    private int at;

    private JsonSyntax(String text, int maxDepth) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.maxDepth = maxDepth;
    }

    /** Returns when {@code text} is one JSON value nested no deeper than {@code maxDepth}. */
    static void check(String text, int maxDepth) throws MalformedJson {
        JsonSyntax syntax = new JsonSyntax(text, maxDepth);
        syntax.value(0);
        if (syntax.skipBlanks() != END) {
            throw syntax.unexpected("after top-level value");
        }
    }

    private void value(int depth) throws MalformedJson {
        int c = skipBlanks();
        switch (c) {
            case '{' -> object(nested(depth));
            case '[' -> array(nested(depth));
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected("looking for beginning of value");
        }
    }

    private int nested(int depth) throws MalformedJson {
        at++;
        if (depth == maxDepth) {
            throw new MalformedJson("exceeded max depth");
        }
        return depth + 1;
    }

    private void object(int depth) throws MalformedJson {
        if (skipBlanks() == '}') {
            at++;
            return;
        }
        while (true) {
            if (skipBlanks() != '"') {
                throw unexpected("looking for beginning of object key string");
            }
            string();
            if (skipBlanks() != ':') {
                throw unexpected("after object key");
            }
            at++;
            value(depth);
            if (endOf('}', "after object key:value pair")) {
                return;
            }
        }
    }

    private void array(int depth) throws MalformedJson {
        if (skipBlanks() == ']') {
            at++;
            return;
        }
        do {
            value(depth);
        } while (!endOf(']', "after array element"));
    }

    private boolean endOf(char close, String where) throws MalformedJson {
        int c = skipBlanks();
        if (c != close && c != ',') {
            throw unexpected(where);
        }
        at++;
        return c == close;
    }

    private void string() throws MalformedJson {
        at++;
        while (peek() != '"') {
            int c = peek();
            if (c == END || c < ' ') {
                throw unexpected("in string literal");
            }
            at++;
            if (c == '\\') {
                escape();
            }
        }
        at++;
    }

    private void escape() throws MalformedJson {
        if (peek() == END || "\"\\/bfnrtu".indexOf(peek()) < 0) {
            throw unexpected("in string escape code");
        }
        boolean unicode = peek() == 'u';
        at++;
        for (int digits = 0; unicode && digits < 4; digits++, at++) {
            if (Character.digit(peek(), 16) < 0) {
                throw unexpected("in \\u hexadecimal character escape");
            }
        }
    }

    private void literal(String word) throws MalformedJson {
        for (char expected : word.toCharArray()) {
            if (peek() != expected) {
                throw unexpected("in literal " + word + " (expecting '" + expected + "')");
            }
            at++;
        }
    }

    private void number() throws MalformedJson {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits("in numeric literal");
        }
        if (peek() == '.') {
            at++;
            digits("after decimal point in numeric literal");
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits("in exponent of numeric literal");
        }
    }

    private void digits(String where) throws MalformedJson {
        if (!isDigit(peek())) {
            throw unexpected(where);
        }
        while (isDigit(peek())) {
            at++;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private int skipBlanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') {
            at++;
        }
        return peek();
    }

    private int peek() {
        return at < text.length ? text[at] & 0xff : END;
    }

    private MalformedJson unexpected(String where) {
        int c = peek();
        if (c == END) {
            return new MalformedJson("unexpected end of JSON input");
        }
        String shown =
                switch (c) {
                    case '\'' -> "\\'";
                    case '\\' -> "\\\\";
                    case '\n' -> "\\n";
                    case '\r' -> "\\r";
                    case '\t' -> "\\t";
                    default -> c < ' ' || c == 0x7f ? String.format("\\x%02x", c) : String.valueOf((char) c);
                };
        return new MalformedJson("invalid character '" + shown + "' " + where);
    }
}
