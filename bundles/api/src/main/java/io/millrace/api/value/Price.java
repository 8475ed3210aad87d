package io.millrace.api.value;

import java.math.BigInteger;

/**
 * A price as an exact fraction: {@code wei} for each {@code units}, the unit being the pipeline's
 * (pixels for video). Never a floating-point number, never a rounded one.
 *
 * @param wei wei, not negative
 * @param units at least one
 */
public record Price(BigInteger wei, BigInteger units) {

    /** Free. */
    public static final Price ZERO = new Price(BigInteger.ZERO, BigInteger.ONE);

    /** Checks the signs. */
    public Price {
        if (wei.signum() < 0 || units.signum() <= 0) {
            throw new IllegalArgumentException("a price is not negative and is for at least one unit");
        }
    }

    /** A price from small numbers. */
    public static Price of(long wei, long units) {
        return new Price(BigInteger.valueOf(wei), BigInteger.valueOf(units));
    }

    /** What {@code count} units cost. */
    public Rational of(BigInteger count) {
        return new Rational(wei.multiply(count), units);
    }

    /** The price of one unit, in lowest terms. */
    public Rational perUnit() {
        return new Rational(wei, units);
    }

    /** Whether nothing is asked. */
    public boolean isFree() {
        return wei.signum() == 0;
    }

    @Override
    public String toString() {
        return wei + " wei / " + units;
    }
}
