package io.millrace.ops.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An exact fraction in lowest terms, written and read as Go's {@code big.Rat}: {@code 7}, {@code 7/2},
 * {@code 0.5}, {@code 1e3}, {@code 0x1f}.
 */
record Ratio(BigInteger over, BigInteger under) {

    private static final int WEI_DIGITS = 18;
    private static final int LONGEST = 100;
    private static final Pattern FRACTION = Pattern.compile("([+-]?\\d+)/(\\d+)");
    private static final Pattern HEX = Pattern.compile("0[xX]([0-9a-fA-F]+)");
    private static final int SIXTEEN = 16;
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

    /** The fraction that a text names; empty when it names none, or has more than 100 characters. */
    static Optional<Ratio> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        var fraction = FRACTION.matcher(text);
        if (fraction.matches()) {
            BigInteger under = new BigInteger(fraction.group(2));
            return under.signum() == 0 ? Optional.empty() : Optional.of(of(new BigInteger(fraction.group(1)), under));
        }
        var hex = HEX.matcher(text);
        if (hex.matches()) {
            return Optional.of(of(new BigInteger(hex.group(1), SIXTEEN), BigInteger.ONE));
        }
        if (!DECIMAL.matcher(text).matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(text);
        return Optional.of(
                number.scale() > 0
                        ? of(number.unscaledValue(), BigInteger.TEN.pow(number.scale()))
                        : of(number.toBigIntegerExact(), BigInteger.ONE));
    }

    private static Ratio of(BigInteger over, BigInteger under) {
        BigInteger common = over.gcd(under);
        return new Ratio(over.divide(common), under.divide(common));
    }

    /** Wei in one unit of a currency; empty for one that only a price feed knows. */
    static Optional<Ratio> wei(String currency) {
        return switch (currency.toLowerCase(Locale.ROOT)) {
            case "", "wei" -> Optional.of(new Ratio(BigInteger.ONE, BigInteger.ONE));
            case "eth" -> Optional.of(new Ratio(BigInteger.TEN.pow(WEI_DIGITS), BigInteger.ONE));
            default -> Optional.empty();
        };
    }

    /** With three digits after the point, as Go's {@code FloatString(3)}. */
    String decimal() {
        return new BigDecimal(over).divide(new BigDecimal(under), 3, RoundingMode.HALF_UP).toPlainString();
    }

    int sign() {
        return over.signum();
    }

    Ratio times(Ratio other) {
        return of(over.multiply(other.over), under.multiply(other.under));
    }

    Ratio by(Ratio other) {
        BigInteger sign = BigInteger.valueOf(other.sign());
        return of(over.multiply(other.under).multiply(sign), under.multiply(other.over).multiply(sign));
    }

    @Override
    public String toString() {
        return under.equals(BigInteger.ONE) ? over.toString() : over + "/" + under;
    }
}
