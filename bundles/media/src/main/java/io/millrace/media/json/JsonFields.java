package io.millrace.media.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of one JSON object, read as go-livepeer reads them: names in any case, the last of several
 * counts, null and absent are the same, and a value of another type is an error that names the field.
 */
public final class JsonFields {

    private final String path;
    private final Map<String, JsonValue> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private JsonFields(String path, JsonObject object) {
        this.path = path;
        object.forEach((name, value) -> {
            if (value.getValueType() != JsonValue.ValueType.NULL) {
                fields.put(name, value);
            }
        });
    }

    /**
     * The fields of {@code value}; none when it is null.
     *
     * @param path what error messages put before a field's name
     */
    public static JsonFields of(String path, JsonValue value) throws MalformedJson {
        return switch (value) {
            case JsonObject object -> new JsonFields(path, object);
            case JsonValue other when other.getValueType() == JsonValue.ValueType.NULL ->
                new JsonFields(path, JsonValue.EMPTY_JSON_OBJECT);
            default ->
                throw new MalformedJson(
                        "json: cannot unmarshal " + kind(value) + " into Go value of type server." + path);
        };
    }

    /** A text, empty when absent. */
    public String text(String name) throws MalformedJson {
        return switch (fields.get(name)) {
            case null -> "";
            case JsonString string -> string.getString();
            case JsonValue other -> throw mismatch(name, other, "string");
        };
    }

    /** A whole number, 0 when absent. */
    public int integer(String name) throws MalformedJson {
        return number(name, "int", Integer.MIN_VALUE);
    }

    /** A whole number from 0, 0 when absent. */
    public int unsigned(String name) throws MalformedJson {
        return number(name, "uint", 0);
    }

    private int number(String name, String type, int least) throws MalformedJson {
        JsonValue value = fields.get(name);
        if (value == null) {
            return 0;
        }
        if (!(value instanceof JsonNumber number)) {
            throw mismatch(name, value, type);
        }
        try {
            // by its text: 1e9 and 1.0 are no integers on the wire, and a huge exponent is never expanded
            int parsed = Integer.parseInt(number.toString());
            if (parsed >= least) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            throw new MalformedJson(mismatch(name, "number " + number, type));
        }
        throw new MalformedJson(mismatch(name, "number " + number, type));
    }

    /** A truth value, false when absent. */
    public boolean flag(String name) throws MalformedJson {
        JsonValue value = fields.get(name);
        if (value == null) {
            return false;
        }
        return switch (value.getValueType()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw mismatch(name, value, "bool");
        };
    }

    /** A list of texts, empty when absent. */
    public List<String> texts(String name) throws MalformedJson {
        List<String> texts = new ArrayList<>();
        for (JsonValue value : array(name, "[]string").orElse(JsonValue.EMPTY_JSON_ARRAY)) {
            if (!(value instanceof JsonString string)) {
                throw mismatch(name, value, "string");
            }
            texts.add(string.getString());
        }
        return texts;
    }

    /**
     * An array; empty when absent, which is not the same as an array of no elements.
     *
     * @param type what error messages call it
     */
    public Optional<JsonArray> array(String name, String type) throws MalformedJson {
        return switch (fields.get(name)) {
            case null -> Optional.empty();
            case JsonArray array -> Optional.of(array);
            case JsonValue other -> throw mismatch(name, other, type);
        };
    }

    private MalformedJson mismatch(String name, JsonValue value, String type) {
        return new MalformedJson(mismatch(name, kind(value), type));
    }

    private String mismatch(String name, String kind, String type) {
        return "json: cannot unmarshal " + kind + " into Go struct field " + path + "." + name + " of type " + type;
    }

    private static String kind(JsonValue value) {
        return switch (value.getValueType()) {
            case TRUE, FALSE -> "bool";
            default -> value.getValueType().name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
