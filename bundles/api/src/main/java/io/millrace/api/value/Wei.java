package io.millrace.api.value;

import java.math.BigInteger;

/**
 * A whole amount of money in wei, 10^-18 ETH. Fractions of a wei appear in prices and balances only, which are
 * {@link Rational}.
 *
 * @param amount may be negative where a difference is meant
 */
public record Wei(BigInteger amount) implements Comparable<Wei> {

    /** Nothing. */
    public static final Wei ZERO = new Wei(BigInteger.ZERO);

    /** A small amount. */
    public static Wei of(long amount) {
        return new Wei(BigInteger.valueOf(amount));
    }

    /** The sum. */
    public Wei plus(Wei other) {
        return new Wei(amount.add(other.amount));
    }

    /** The difference. */
    public Wei minus(Wei other) {
        return new Wei(amount.subtract(other.amount));
    }

    /** The same amount as a fraction. */
    public Rational toRational() {
        return Rational.of(amount);
    }

    @Override
    public int compareTo(Wei other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public String toString() {
        return amount + " wei";
    }
}
