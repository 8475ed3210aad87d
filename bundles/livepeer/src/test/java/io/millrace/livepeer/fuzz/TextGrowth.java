package io.millrace.livepeer.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** JSON and other text by its marks: brackets nested, members repeated, numbers and strings without end. */
public final class TextGrowth implements Fuzz.Growth {

    private static final String[] PIECES = {
        "[", "{", "}", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-", "1e999999999", "1E-999999999",
        "9223372036854775808", "0.1", "\n", "\r\n", "\n\n", "data: [DONE]", "=", "//", "\u0000", "\u0085", "\u00e9", "\ud83d\ude00",
        "{\"a\":", "[[", "\"timeout_seconds\":1e9,", "https://[::1]:99999/", "%2e%2e/", "@", "?#"
    };

    private final ByteGrowth bytes = new ByteGrowth();

    @Override
    public byte[] of(byte[] input, Random random) {
        if (random.nextInt(4) == 0) {
            return bytes.of(input, random);
        }
        String text = new String(input, StandardCharsets.UTF_8);
        int at = random.nextInt(text.length() + 1);
        String piece = PIECES[random.nextInt(PIECES.length)].repeat(1 << random.nextInt(13));
        int skipped = random.nextBoolean() ? 0 : random.nextInt(Math.min(20, text.length() - at) + 1);
        return (text.substring(0, at) + piece + text.substring(at + skipped)).getBytes(StandardCharsets.UTF_8);
    }
}
