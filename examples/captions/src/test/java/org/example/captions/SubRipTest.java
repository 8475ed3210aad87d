package org.example.captions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubRipTest {

    @Test
    void cuesKeepTheirLinesAndLoseTheirFonts() {
        String srt = "\uFEFF1\r\n0:00:01,000 --> 00:00:02,000 X1:40\r\n<font color=\"red\">one</font>\r\n<i>two</i>\r\n"
                + "\r\n\r\n2\r\n100:00:03.000 --> 100:00:04.000\r\n{\\an8}a --> b";
        assertEquals(
                "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\none\n<i>two</i>\n\n100:00:03.000 --> 100:00:04.000\n"
                        + "a --&gt; b\n",
                SubRip.toWebVtt(srt));
    }

    @Test
    void nothingIsAFileWithoutCues() {
        assertEquals("WEBVTT\n", SubRip.toWebVtt(" \n\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1\n\n", "text", "1\n00:00:01 --> 00:00:02\nx", "1\n00:99:01,000 --> 00:00:02,000\nx"})
    void aCueWithoutTimesIsRefused(String srt) {
        assertThrows(IllegalArgumentException.class, () -> SubRip.toWebVtt(srt));
    }
}
