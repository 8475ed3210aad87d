package io.millrace.livepeer.mapping;

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

    private WireJson() {}

    /** The object that a text is. */
    public static JsonObject object(String text) throws Malformed {
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
