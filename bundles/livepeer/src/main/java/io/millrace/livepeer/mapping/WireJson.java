package io.millrace.livepeer.mapping;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.parsson.JsonProviderImpl;

/** JSON in headers and bodies. A field that is missing reads as empty, as with Go. */
public final class WireJson {

    /** Made by its constructor: a look-up by service files finds nothing inside a bundle. */
    public static final JsonProvider PROVIDER = new JsonProviderImpl();

    /** Values of a text that is not charged: headers, tokens and single events. */
    private static final int FEW = 10_000;

    /** Values of a request or an answer: the words of hours of speech have five each. */
    private static final int MOST = 200_000;

    /** What a value takes on the heap with its copies: an empty message, which counts twice, took 357 bytes. */
    private static final long VALUE_BYTES = 350;

    /** A text and the texts taken from it: two bytes a character each. */
    private static final long TEXT_FACTOR = 4;

    private WireJson() {}

    /** The object that a short text is, of at most {@value #FEW} values. */
    public static JsonObject object(String text) throws Malformed {
        if (values(text) > FEW) {
            throw new Malformed("JSON of more than " + FEW + " values");
        }
        return parsed(text);
    }

    /**
     * The object that a text is, of at most {@value #MOST} values.
     *
     * @param charge what it takes of the heap is added here before it is parsed
     * @throws Fault as busy when the heap has no room for it, to give up when it has more values
     */
    public static JsonObject object(Bytes text, Budget.Charge charge) throws Malformed {
        charge(charge, TEXT_FACTOR * text.size());
        String all = text.utf8();
        int values = values(all);
        if (values > MOST) {
            throw new Fault(Fault.Consequence.GIVE_UP, "it is JSON of more than " + MOST + " values");
        }
        charge(charge, VALUE_BYTES * values);
        return parsed(all);
    }

    private static void charge(Budget.Charge charge, long bytes) {
        if (!charge.add(bytes)) {
            throw new Fault(Fault.Consequence.BUSY, "this node has no memory left for a JSON document");
        }
    }

    /** How many values a text has at most, by what opens and parts them outside of strings. */
    private static int values(String text) {
        int values = 1;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '"' -> quoted = !quoted;
                case '\\' -> i++;
                case '[', '{', ',' -> values += quoted ? 0 : 1;
                default -> {}
            }
        }
        return values;
    }

    private static JsonObject parsed(String text) throws Malformed {
        try (JsonReader reader = PROVIDER.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            // Parsson has no type of its own for what is nested too deeply.
            throw new Malformed("not a JSON object: " + e.getMessage());
        }
    }

    /** The same, with the peer's words for what is wrong before the reason. */
    public static JsonObject object(String text, String wrong) throws Malformed {
        try {
            return object(text);
        } catch (Malformed e) {
            throw new Malformed(wrong + e.getMessage());
        }
    }

    /** The object in a header, in base64. */
    public static JsonObject ofHeader(String header) throws Malformed {
        try {
            return object(new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new Malformed("not base64: " + e.getMessage());
        }
    }

    /** The value of a header, in base64. */
    public static String header(JsonObject object) {
        return Base64.getEncoder().encodeToString(object.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A text of an object. */
    public static String text(JsonObject object, String key) throws Malformed {
        JsonValue value = object.getOrDefault(key, JsonValue.NULL);
        return switch (value.getValueType()) {
            case STRING -> ((JsonString) value).getString();
            case NULL -> "";
            default -> throw new Malformed("'" + key + "' is no string");
        };
    }

    /** A whole number of an object. */
    public static long number(JsonObject object, String key) throws Malformed {
        JsonValue value = object.getOrDefault(key, JsonValue.NULL);
        try {
            return switch (value.getValueType()) {
                case NUMBER -> ((JsonNumber) value).longValueExact();
                case NULL -> 0;
                default -> throw new Malformed("'" + key + "' is no number");
            };
        } catch (ArithmeticException e) {
            throw new Malformed("'" + key + "' is no whole number");
        }
    }
}
