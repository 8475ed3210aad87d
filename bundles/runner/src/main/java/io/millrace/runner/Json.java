package io.millrace.runner;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.eclipse.parsson.JsonProviderImpl;

/** JSON as runners and the file of the models write it. */
final class Json {

    /** Made by its constructor: a look-up by service files finds nothing inside a bundle. */
    static final JsonProvider PROVIDER = new JsonProviderImpl();

    private Json() {}

    /**
     * The value that a text is.
     *
     * @throws IllegalArgumentException when it is none
     */
    static JsonValue value(String text) {
        try (JsonReader reader = PROVIDER.createReader(new StringReader(text))) {
            return reader.readValue();
        } catch (RuntimeException e) {
            // Parsson has no type of its own for what is nested too deeply.
            throw new IllegalArgumentException("it is no JSON: " + e.getMessage(), e);
        }
    }

    /** The text at a key, empty when there is none. */
    static String text(JsonValue object, String key) {
        return object instanceof JsonObject its && its.get(key) instanceof JsonString string ? string.getString() : "";
    }

    /** The same with its keys in order and other texts wherever the key is {@code url}, as Go writes its structures. */
    static JsonValue renamed(JsonValue value, UnaryOperator<String> url) {
        return switch (value) {
            case JsonObject object -> {
                JsonObjectBuilder copy = PROVIDER.createObjectBuilder();
                for (Map.Entry<String, JsonValue> field : new TreeMap<>(object).entrySet()) {
                    if (field.getKey().equals("url") && field.getValue() instanceof JsonString string) {
                        copy.add("url", url.apply(string.getString()));
                    } else {
                        copy.add(field.getKey(), renamed(field.getValue(), url));
                    }
                }
                yield copy.build();
            }
            case JsonArray array -> {
                JsonArrayBuilder copy = PROVIDER.createArrayBuilder();
                array.forEach(each -> copy.add(renamed(each, url)));
                yield copy.build();
            }
            default -> value;
        };
    }
}
