package io.millrace.store;

import io.millrace.api.value.Address;
import io.millrace.api.value.Rational;
import java.math.BigInteger;

/**
 * What a sender's tickets were worth and what they brought, over all time and exactly, in wei. In the long run the
 * face value comes close to what was expected; how far they are apart is luck, or a sign that something is wrong.
 *
 * @param sender whose tickets
 * @param expected what its balances were credited with, which is the expected value of the tickets received
 * @param winners how many of them won
 * @param faceValue of those that won
 * @param redeemed how many of those were redeemed
 * @param paid what the redeemed ones really paid
 */
record LedgerSums(
        Address sender, Rational expected, long winners, BigInteger faceValue, long redeemed, BigInteger paid) {

    static LedgerSums none(Address sender) {
        return new LedgerSums(sender, Rational.ZERO, 0, BigInteger.ZERO, 0, BigInteger.ZERO);
    }

    LedgerSums credited(Rational amount) {
        return new LedgerSums(sender, expected.plus(amount), winners, faceValue, redeemed, paid);
    }

    LedgerSums won(BigInteger amount) {
        return new LedgerSums(sender, expected, winners + 1, faceValue.add(amount), redeemed, paid);
    }

    LedgerSums redeemed(BigInteger amount) {
        return new LedgerSums(sender, expected, winners, faceValue, redeemed + 1, paid.add(amount));
    }

    /** What was won beyond the expected value; negative while luck is bad. */
    Rational luck() {
        return Rational.of(faceValue).minus(expected);
    }
}
