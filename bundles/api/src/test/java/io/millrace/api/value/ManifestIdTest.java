package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestIdTest {

    @Test
    void aPlainNameIsTakenInAnyScript() {
        List<String> names = List.of(
                "a b.c", "...", "film", "#%&?;", "Müller", "поток", "流", "بث", "a\u0301", "\uD83C\uDFAC", "x".repeat(128));
        for (String name : names) {
            assertEquals(name, new ManifestId(name).toString());
        }
    }

    @Test
    void aNameIsOnePathSegment() {
        for (String name : List.of("", ".", "..", "a/b", "/", "a\\b", "x".repeat(129))) {
            refused(name);
        }
    }

    @Test
    void aNameMovesNoTerminal() {
        for (int control : new int[] {0, '\t', '\n', '\r', 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9f}) {
            refused("a" + Character.toString(control) + "b");
        }
    }

    @Test
    void aNameHasNothingInvisibleAndNothingThatTurnsTextAround() {
        int[] all = {0xad, 0x200b, 0x200d, 0x200f, 0x2028, 0x2029, 0x202e, 0x2066, 0xfeff, 0xe0041};
        for (int invisible : all) {
            refused("a" + Character.toString(invisible) + "b");
        }
    }

    private static void refused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new ManifestId(name), () -> Bytes.utf8(name).hex());
    }
}
