package io.millrace.runner;

import io.millrace.api.resource.Budget;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.eclipse.parsson.JsonProviderImpl;

/** JSON as runners and the file of the models write it. */
final class Json {

    /** Made by its constructor: a look-up by service files finds nothing inside a bundle. */
    static final JsonProvider PROVIDER = new JsonProviderImpl();

    /** Values of a text that is not charged: events, words of a runner about itself, the file of the models. */
    private static final int FEW = 20_000;

    /** Values of an answer: the words of hours of speech have five each. */
    private static final int MOST = 200_000;

    /** What a value takes on the heap with its copies, at most. */
    private static final long VALUE_BYTES = 350;

    private Json() {}

    /**
     * The value that a text is, which has at most {@value #FEW} in it.
     *
     * @throws IllegalArgumentException when it is none
     */
    static JsonValue value(String text) {
        if (values(text) > FEW) {
            throw new IllegalArgumentException("it is JSON of more than " + FEW + " values");
        }
        return parsed(text);
    }

    /**
     * The value that an answer is, which has at most {@value #MOST} in it.
     *
     * @param charge what they take of the heap is added here before it is parsed
     * @throws IllegalArgumentException when it is none
     * @throws IOException when the heap has no room for it
     */
    static JsonValue value(String text, Budget.Charge charge) throws IOException {
        int values = values(text);
        if (values > MOST) {
            throw new IllegalArgumentException("it is JSON of more than " + MOST + " values");
        }
        if (!charge.add(VALUE_BYTES * values)) {
            throw new IOException("this node has no memory left for the answer");
        }
        return parsed(text);
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

    private static JsonValue parsed(String text) {
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
