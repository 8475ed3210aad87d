package io.millrace.kernel.payment;

import io.millrace.api.value.Rational;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A price as an operator writes it: an amount, its currency, and the units that it is for. {@code 7} is 7 wei for a
 * unit, {@code 0.5USD/1000000} half a dollar for a million units.
 *
 * @param perUnit of the currency, not negative
 * @param currency in capitals
 * @param text as it was written
 */
public record CurrencyPrice(Rational perUnit, String currency, String text) {

    static final String WEI = "WEI";
    static final String ETH = "ETH";

    /** Free, as where nothing is configured. */
    public static final CurrencyPrice ZERO = new CurrencyPrice(Rational.ZERO, WEI, "0");

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,40}(?:\\.\\d{1,40})?)([A-Za-z][A-Za-z0-9]{0,15})?(?:/(\\d{1,40}))?");

    /**
     * Reads a price.
     *
     * @param key the setting that it is of
     * @throws IllegalArgumentException that names the setting, when the text is no price
     */
    public static CurrencyPrice parse(String key, String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(key + " is " + text
                    + ": give an amount that is not negative, with a currency where it is not wei, such as 7, 0.5USD or"
                    + " 0.5USD/1000000");
        }
        BigInteger units = form.group(3) == null ? BigInteger.ONE : new BigInteger(form.group(3));
        if (units.signum() == 0) {
            throw new IllegalArgumentException(key + " is " + text + ": a price is for at least one unit");
        }
        BigDecimal amount = new BigDecimal(form.group(1));
        String currency = form.group(2) == null ? WEI : form.group(2).toUpperCase(Locale.ROOT);
        return new CurrencyPrice(
                new Rational(amount.unscaledValue(), BigInteger.TEN.pow(amount.scale()).multiply(units)),
                currency,
                text.strip());
    }

    /** The same amount for so many units instead of one. */
    public CurrencyPrice per(long units) {
        return units == 1
                ? this
                : new CurrencyPrice(perUnit.dividedBy(Rational.of(units, 1)), currency, text + " for " + units + " units");
    }

    /** Whether nothing is asked, in whatever currency. */
    public boolean isFree() {
        return perUnit.signum() == 0;
    }

    /** Whether it takes a price feed to know it in wei. */
    boolean needsFeed() {
        return !isFree() && !currency.equals(WEI) && !currency.equals(ETH);
    }

    @Override
    public String toString() {
        return text;
    }
}
