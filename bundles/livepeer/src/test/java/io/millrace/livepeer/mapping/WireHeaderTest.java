package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireHeaderTest {

    @Test
    void paddedStandardBase64IsRead() throws Exception {
        Random random = new Random(3);
        for (int length = 0; length < 50; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, WireHeader.decode(Base64.getEncoder().encodeToString(bytes)));
        }
    }

    @Test
    void anAbsentHeaderHasNoBytes() throws Exception {
        assertEquals(0, WireHeader.decode(null).length);
    }

    @Test
    void whatIsNoBase64IsRefusedWithThePlaceWhereItStops() {
        assertEquals(0, place("!!!!"));
        assertEquals(2, place("ab-d"));
        assertEquals(4, place("abcdab"));
        assertEquals(0, place("abc"));
        assertEquals(0, place("="));
        assertEquals(5, place("abcda=bc"));
        assertEquals(6, place("abcdab=c"));
        assertEquals(7, place("abcdab="));
        assertEquals(8, place("abcdabc=abcd"));
        assertEquals(4, place("ab==cd"));
    }

    private static int place(String text) {
        String message = assertThrows(Malformed.class, () -> WireHeader.decode(text), text).getMessage();
        String start = "illegal base64 data at input byte ";
        assertEquals(start, message.substring(0, start.length()));
        return Integer.parseInt(message.substring(start.length()));
    }
}
