package io.millrace.media.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTextTest {

    @Test
    void quotesAndControlsAreEscaped() {
        assertEquals("\"a\\\"b\\\\c\\n\\x00\\u0085é\"", GoText.quoted("a\"b\\c\n\0\u0085é"));
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "7,7ms", "1000,1s", "1500,1.5s", "60000,1m0s", "61001,1m1.001s", "3600000,1h0m0s", "7322000,2h2m2s"})
    void durationsReadAsGoWritesThem(long millis, String expected) {
        assertEquals(expected, GoText.duration(millis));
    }

    @ParameterizedTest
    @CsvSource({"-1,-0.001", "300001,300.001", "301000,301", "600000,600", "0,0"})
    void secondsHaveNoNeedlessZeros(long millis, String expected) {
        assertEquals(expected, GoText.seconds(millis));
    }

    @Test
    void pathsAreEscapedByteByByte() {
        assertEquals("/live/a%20b%3F%22%C3%A9/1.ts", GoText.escapedPath("/live/a b?\"é/1.ts"));
    }
}
