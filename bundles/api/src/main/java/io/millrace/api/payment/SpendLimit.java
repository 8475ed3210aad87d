package io.millrace.api.payment;

import io.millrace.api.value.Wei;
import java.math.BigInteger;

/**
 * A limit of spending that the operator has set, and how much of it is used.
 *
 * @param name of the setting
 * @param what is limited, for a person, such as {@code tickets in this hour}
 * @param spent so far, rounded up
 * @param most that may be spent, more than zero
 */
public record SpendLimit(String name, String what, Wei spent, Wei most) {

    private static final long HUNDRED = 100;
    private static final long MOST = 1_000_000;

    /** How much is used, in percent, rounded down; a million at most, where a limit was lowered. */
    public long percent() {
        return spent.amount()
                .multiply(BigInteger.valueOf(HUNDRED))
                .divide(most.amount())
                .min(BigInteger.valueOf(MOST))
                .longValue();
    }
}
