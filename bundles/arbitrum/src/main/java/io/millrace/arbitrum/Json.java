package io.millrace.arbitrum;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.Map;
import org.eclipse.parsson.JsonProviderImpl;
import org.eclipse.parsson.api.JsonConfig;

/** JSON as the RPC of a chain has it: numbers are text of hexadecimal digits, mostly. */
public final class Json {

    // by its constructor: JsonProvider.provider() would look through the thread's class loader
    private static final JsonProvider PROVIDER = new JsonProviderImpl();
    private static final JsonParserFactory PARSERS = PROVIDER.createParserFactory(Map.of(JsonConfig.MAX_DEPTH, "16"));
    private static final int WORD_DIGITS = 64;

    private Json() {}

    /** What is not of the form that was asked for. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** The one value that a text holds. */
    public static JsonValue parse(String text) throws Malformed {
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            parser.next();
            return parser.getValue();
        } catch (RuntimeException e) {
            // Parsson reports its own bounds as a bare RuntimeException, an empty text as a missing element
            throw new Malformed("not JSON");
        }
    }

    /** An array of values, texts and truth values. */
    public static JsonArray array(Object... values) {
        JsonArrayBuilder array = PROVIDER.createArrayBuilder();
        for (Object value : values) {
            switch (value) {
                case JsonValue json -> array.add(json);
                case Boolean truth -> array.add(truth);
                case Number number -> array.add(number.longValue());
                default -> array.add(value.toString());
            }
        }
        return array.build();
    }

    /** An object of names and values in turn. */
    public static JsonObject object(Object... namesAndValues) {
        return with(JsonValue.EMPTY_JSON_OBJECT, namesAndValues);
    }

    /** The same, added to what there is. */
    public static JsonObject with(JsonObject start, Object... namesAndValues) {
        JsonObjectBuilder object = PROVIDER.createObjectBuilder(start);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.add(namesAndValues[i].toString(), array(namesAndValues[i + 1]).getFirst());
        }
        return object.build();
    }

    /** An object, or a failure. */
    public static JsonObject object(JsonValue value) throws Malformed {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new Malformed("an object was expected");
    }

    /** A text, or a failure. */
    public static String text(JsonValue value) throws Malformed {
        if (value instanceof JsonString text) {
            return text.getString();
        }
        throw new Malformed("a text was expected");
    }

    /** A number of at most 256 bits, as a text of hexadecimal digits or as a JSON number. */
    public static BigInteger number(JsonValue value) throws Malformed {
        try {
            if (value instanceof JsonNumber number && number.isIntegral() && number.bigIntegerValueExact().signum() >= 0) {
                return number.bigIntegerValueExact();
            }
            String text = text(value);
            if (text.matches("0x[0-9a-fA-F]{1," + WORD_DIGITS + "}")) {
                return new BigInteger(text.substring(2), 16);
            }
        } catch (ArithmeticException e) {
            throw new Malformed("a number was expected");
        }
        throw new Malformed("a number was expected");
    }

    /** A number of at most 63 bits. */
    public static long longNumber(JsonValue value) throws Malformed {
        BigInteger number = number(value);
        if (number.bitLength() >= Long.SIZE) {
            throw new Malformed("a small number was expected");
        }
        return number.longValueExact();
    }

    /** A number as the RPC takes it. */
    public static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    /** A number as the RPC takes it. */
    public static String hex(BigInteger number) {
        return "0x" + number.toString(16);
    }
}
