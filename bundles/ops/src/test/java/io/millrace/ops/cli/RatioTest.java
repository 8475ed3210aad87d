package io.millrace.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RatioTest {

    @ParameterizedTest
    @CsvSource({"7, 7", "14/4, 7/2", "0.50, 1/2", ".5, 1/2", "1e3, 1000", "12e-1, 6/5", "-3/6, -1/2", "+2, 2", "0x1f, 31", "0/5, 0"})
    void aNumberIsReadExactlyAndWrittenInLowestTerms(String text, String written) {
        assertEquals(written, Ratio.parse(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1/0", "1/-2", "1e9999", "1 ", "0x", "NaN", "1_000", "٣"})
    void whatIsNoNumberIsNone(String text) {
        assertTrue(Ratio.parse(text).isEmpty(), text);
    }

    @Test
    void aHugeNumberIsNone() {
        assertTrue(Ratio.parse("9".repeat(1_000)).isEmpty());
    }

    @Test
    void ratiosAreMultipliedAndDivided() {
        Ratio third = Ratio.parse("1/3").orElseThrow();
        Ratio minusTwo = Ratio.parse("-2").orElseThrow();
        assertEquals("-2/3", third.times(minusTwo).toString());
        assertEquals("-1/6", third.by(minusTwo).toString());
        assertEquals("-6", minusTwo.by(third).toString());
    }
}
