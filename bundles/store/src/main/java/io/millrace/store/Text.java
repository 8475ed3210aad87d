package io.millrace.store;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** Values as the text that the database keeps, and back. */
final class Text {

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter(Locale.ROOT);
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** Digits of 2^256 - 1, which a block never exceeds. */
    private static final int BLOCK_DIGITS = 78;

    private Text() {}

    /** Sorts as the times do. */
    static String time(Instant time) {
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new IllegalArgumentException("a ledger's time is of the years 0 to 9999, not " + time);
        }
        return TIME.format(time);
    }

    /** The same for a limit, which may be outside of all years. */
    static String limit(Instant time) {
        return time(time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time);
    }

    /** Sorts as the numbers do. */
    static String block(BigInteger block) {
        String digits = block.toString();
        if (block.signum() < 0 || digits.length() > BLOCK_DIGITS) {
            throw new IllegalArgumentException("a block is within 0 and 2^256 - 1, not " + block);
        }
        return "0".repeat(BLOCK_DIGITS - digits.length()) + digits;
    }

    static Side side(String text) {
        return Side.valueOf(text.toUpperCase(Locale.ROOT));
    }

    static String side(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    /** Whether the name can be kept: not every database takes the character 0. */
    static boolean isName(BalanceKey key) {
        return key.balance().value().indexOf(0) < 0;
    }

    static String name(BalanceKey key) {
        if (!isName(key)) {
            throw new IllegalArgumentException("the name of a balance has no character 0");
        }
        return key.balance().value();
    }

    static String note(String text) {
        return text.replace('\u0000', ' ');
    }

    static Address address(String text) {
        return new Address(Bytes.hex(text.substring(2)));
    }

    static String price(Price price) {
        return price.wei() + "/" + price.units();
    }

    static Price price(String text) {
        int slash = text.indexOf('/');
        return new Price(new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
    }

    static Rational rational(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? Rational.of(new BigInteger(text))
                : new Rational(new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
    }
}
