package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class WeiTest {

    @Test
    void sumsAndDifferencesAreExactBeyondALong() {
        Wei much = new Wei(BigInteger.TWO.pow(200));
        assertEquals(new Wei(BigInteger.TWO.pow(200).add(BigInteger.ONE)), much.plus(Wei.of(1)));
        assertEquals(Wei.ZERO, much.minus(much));
        assertEquals(Wei.of(-3), Wei.of(2).minus(Wei.of(5)));
    }

    @Test
    void amountsAreInOrderOfWorth() {
        assertTrue(Wei.of(-1).compareTo(Wei.ZERO) < 0);
        assertTrue(new Wei(BigInteger.TWO.pow(64)).compareTo(Wei.of(Long.MAX_VALUE)) > 0);
        assertEquals(0, Wei.of(7).compareTo(Wei.of(7)));
    }

    @Test
    void anAmountIsAWholeFraction() {
        assertEquals(Rational.of(-7, 1), Wei.of(-7).toRational());
        assertEquals("5 wei", Wei.of(5).toString());
    }
}
