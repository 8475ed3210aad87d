package io.millrace.livepeer.mapping;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.TreeMap;

/**
 * The JSON document that answers an AI request. Wherever it says {@code "url"}, it names an image, a video or a sound
 * that belongs to it: by its file name between the parts of a node, by an address or as a data URL on the wire.
 */
public final class AiDocument {

    /** An address of a medium is turned into another one. */
    @FunctionalInterface
    public interface Renaming {

        /** The address to write instead of {@code url}. */
        String rename(String url) throws Malformed;
    }

    private AiDocument() {}

    /** The same with other addresses, as the network writes it: keys in order, and a line's end. */
    public static String text(JsonObject document, Renaming renaming) throws Malformed {
        return renamed(document, renaming) + "\n";
    }

    /** The same with other addresses, its keys in order. */
    public static JsonObject renamed(JsonObject object, Renaming renaming) throws Malformed {
        JsonObjectBuilder copy = WireJson.PROVIDER.createObjectBuilder();
        for (var field : new TreeMap<>(object).entrySet()) {
            boolean isUrl = field.getKey().equals("url") && field.getValue() instanceof JsonString;
            if (isUrl) {
                copy.add("url", renaming.rename(((JsonString) field.getValue()).getString()));
            } else {
                copy.add(field.getKey(), value(field.getValue(), renaming));
            }
        }
        return copy.build();
    }

    private static JsonValue value(JsonValue value, Renaming renaming) throws Malformed {
        return switch (value) {
            case JsonObject object -> renamed(object, renaming);
            case JsonArray array -> {
                JsonArrayBuilder copy = WireJson.PROVIDER.createArrayBuilder();
                for (JsonValue each : array) {
                    copy.add(value(each, renaming));
                }
                yield copy.build();
            }
            default -> value;
        };
    }
}
