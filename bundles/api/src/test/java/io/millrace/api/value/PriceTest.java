package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PriceTest {

    @Test
    void aPriceIsForAtLeastOneUnit() {
        assertTrue(Price.of(0, 1).isFree());
        assertThrows(IllegalArgumentException.class, () -> Price.of(1, 0));
        assertThrows(IllegalArgumentException.class, () -> Price.of(1, -1));
        assertThrows(IllegalArgumentException.class, () -> Price.of(-1, 1));
    }

    @Test
    void whatUnitsCostIsExact() {
        assertEquals(Rational.of(7000, 2), Price.of(7, 2).of(BigInteger.valueOf(1000)));
        assertEquals(Rational.of(1, 3), Price.of(1, 3).of(BigInteger.ONE));
        assertEquals(Rational.ZERO, Price.of(7, 2).of(BigInteger.ZERO));
        assertEquals(Rational.ZERO, Price.ZERO.of(BigInteger.TWO.pow(100)));
    }

    @Test
    void manyUnitsCostMoreThanALongCanHold() {
        BigInteger pixels = BigInteger.TWO.pow(80);
        assertEquals(Rational.of(pixels.multiply(BigInteger.valueOf(1200))), Price.of(1200, 1).of(pixels));
    }

    @Test
    void thePriceOfOneUnitIsInLowestTerms() {
        assertEquals("2/3", Price.of(4, 6).perUnit().toString());
        assertEquals(Price.of(4, 6).perUnit(), Price.of(2, 3).perUnit());
    }
}
