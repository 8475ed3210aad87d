package io.millrace.media.json;

import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.util.Map;
import org.eclipse.parsson.JsonProviderImpl;
import org.eclipse.parsson.api.JsonConfig;

/** Parses one JSON value. */
public final class BoundedJson {

    /** Longest text that is looked at, in characters. */
    public static final int MAX_CHARACTERS = 1 << 20;

    /** Deepest nesting of arrays and objects. */
    public static final int MAX_DEPTH = 16;

    // by its constructor: JsonProvider.provider() would look through the thread's class loader
    private static final JsonProvider PROVIDER = new JsonProviderImpl();
    private static final JsonParserFactory PARSERS =
            PROVIDER.createParserFactory(Map.of(JsonConfig.MAX_DEPTH, Integer.toString(MAX_DEPTH)));

    private BoundedJson() {}

    /**
     * The one value that {@code text} holds.
     *
     * @throws MalformedJson when it holds none, or more, or is beyond the bounds
     */
    public static JsonValue parse(String text) throws MalformedJson {
        if (text.length() > MAX_CHARACTERS) {
            throw new MalformedJson("JSON longer than " + MAX_CHARACTERS + " characters");
        }
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            parser.next();
            JsonValue value = parser.getValue();
            if (parser.hasNext()) {
                parser.next(); // says what is wrong with what follows
            }
            return value;
        } catch (RuntimeException e) {
            // Parsson reports its own bounds as a bare RuntimeException, an empty text as a missing element
            throw new MalformedJson("not one JSON value: " + e.getMessage());
        }
    }
}
