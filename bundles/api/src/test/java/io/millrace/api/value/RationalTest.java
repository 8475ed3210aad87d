package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class RationalTest {

    @Test
    void aFractionIsInLowestTermsWithItsSignAbove() {
        assertEquals("2/3", Rational.of(4, 6).toString());
        assertEquals("-2/3", Rational.of(4, -6).toString());
        assertEquals("2/3", Rational.of(-4, -6).toString());
        assertEquals("2", Rational.of(-4, -2).toString());
        assertEquals(Rational.ZERO, Rational.of(0, -5));
        assertEquals(BigInteger.ONE, Rational.of(0, -5).denominator());
    }

    @Test
    void equalFractionsAreEqualHoweverTheyWereWritten() {
        assertEquals(Rational.of(1, 2), Rational.of(-3, -6));
        assertEquals(Rational.of(1, 2).hashCode(), Rational.of(-3, -6).hashCode());
    }

    @Test
    void theSignIsThatOfTheNumber() {
        assertEquals(-1, Rational.of(1, -9).signum());
        assertEquals(0, Rational.ZERO.signum());
        assertEquals(1, Rational.of(-1, -9).signum());
    }

    @Test
    void floorAndCeilingOfNegativesGoDownAndUpAndNotTowardsZero() {
        assertWhole(-4, -3, Rational.of(-7, 2));
        assertWhole(-1, 0, Rational.of(-1, 3));
        assertWhole(0, 1, Rational.of(1, 3));
        assertWhole(3, 4, Rational.of(7, 2));
        assertWhole(-3, -3, Rational.of(-6, 2));
        assertWhole(0, 0, Rational.ZERO);
    }

    @Test
    void arithmeticLosesNothing() {
        Rational third = Rational.of(1, 3);
        assertEquals(Rational.of(1, 1), third.plus(third).plus(third));
        assertEquals(Rational.of(-1, 6), third.minus(Rational.of(1, 2)));
        assertEquals(Rational.of(-2, 9), third.times(Rational.of(-2, 3)));
        assertEquals(Rational.of(-1, 2), third.dividedBy(Rational.of(-2, 3)));
        Rational tiny = new Rational(BigInteger.ONE, BigInteger.TWO.pow(256));
        assertEquals(tiny, third.plus(tiny).minus(third));
    }

    @Test
    void fractionsAreInOrderOfSize() {
        assertTrue(Rational.of(1, 3).compareTo(Rational.of(1, 2)) < 0);
        assertTrue(Rational.of(-1, 3).compareTo(Rational.of(-1, 2)) > 0);
        assertTrue(Rational.of(1, -2).compareTo(Rational.ZERO) < 0);
        assertEquals(0, Rational.of(2, 4).compareTo(Rational.of(1, 2)));
    }

    @Test
    void nothingIsDividedByZero() {
        assertThrows(ArithmeticException.class, () -> Rational.of(1, 0));
        assertThrows(ArithmeticException.class, () -> Rational.of(0, 0));
        assertThrows(ArithmeticException.class, () -> Rational.of(1, 2).dividedBy(Rational.ZERO));
    }

    private static void assertWhole(long floor, long ceiling, Rational value) {
        assertEquals(BigInteger.valueOf(floor), value.floor(), value::toString);
        assertEquals(BigInteger.valueOf(ceiling), value.ceiling(), value::toString);
    }
}
