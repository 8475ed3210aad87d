package io.millrace.kernel.payment;

import io.millrace.api.value.Wei;
import java.math.BigInteger;

/** An amount of money as an operator writes it. */
final class WeiSetting {

    private static final String WHOLE_NUMBER = "[0-9]{1,30}";

    private WeiSetting() {}

    /**
     * The amount.
     *
     * @throws IllegalArgumentException that names the setting when it is no whole number
     */
    static Wei parse(String key, String value) {
        if (!value.strip().matches(WHOLE_NUMBER)) {
            throw new IllegalArgumentException(
                    key + " is " + value + ": give a whole number of wei, such as 8000000000");
        }
        return new Wei(new BigInteger(value.strip()));
    }
}
