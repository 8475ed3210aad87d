package io.millrace.settings;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** The types of values, under the names of OSGi's metatype. */
public enum Type {
    /** Any text. */
    STRING("String", "text"),
    /** A number of 64 bits. */
    LONG("Long", "a whole number"),
    /** A number of 32 bits. */
    INTEGER("Integer", "a whole number"),
    /** A number of 16 bits. */
    SHORT("Short", "a whole number"),
    /** A number of 8 bits. */
    BYTE("Byte", "a whole number"),
    /** One character. */
    CHARACTER("Character", "one character"),
    /** A decimal number of 64 bits. */
    DOUBLE("Double", "a number"),
    /** A decimal number of 32 bits. */
    FLOAT("Float", "a number"),
    /** Yes or no. */
    BOOLEAN("Boolean", "true or false"),
    /** A secret, or a reference to one; never shown. */
    PASSWORD("Password", "text");

    private final String word;
    private final String meaning;

    Type(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** By its word; what is unknown is text. */
    static Type of(String word) {
        for (Type type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        return STRING;
    }

    /** What a person would call it. */
    String meaning() {
        return meaning;
    }

    boolean whole() {
        return switch (this) {
            case LONG, INTEGER, SHORT, BYTE -> true;
            default -> false;
        };
    }

    /** Whether it is a number. */
    public boolean number() {
        return whole() || this == DOUBLE || this == FLOAT;
    }

    /** The number that a text is; empty when it is none of this type. */
    Optional<BigDecimal> number(String text) {
        try {
            if (!whole()) {
                double value = Double.parseDouble(text);
                return Double.isFinite(value) ? Optional.of(BigDecimal.valueOf(value)) : Optional.empty();
            }
            BigInteger value = new BigInteger(text);
            return value.bitLength() < bits() ? Optional.of(new BigDecimal(value)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Bits of a whole number. */
    int bits() {
        return switch (this) {
            case BYTE -> Byte.SIZE;
            case SHORT -> Short.SIZE;
            case INTEGER -> Integer.SIZE;
            default -> Long.SIZE;
        };
    }

    /** The word of the metatype. */
    @Override
    public String toString() {
        return word;
    }
}
