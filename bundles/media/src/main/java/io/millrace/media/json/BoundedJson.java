package io.millrace.media.json;

import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.util.Map;
import org.eclipse.parsson.JsonProviderImpl;

/** Parses one JSON value. */
public final class BoundedJson {

    /** Longest text that is looked at, in characters. */
    public static final int MAX_CHARACTERS = 1 << 20;

    /** Deepest nesting of arrays and objects. */
    public static final int MAX_DEPTH = 16;

    // by its constructor: JsonProvider.provider() would look through the thread's class loader
    private static final JsonProvider PROVIDER = new JsonProviderImpl();
    private static final JsonParserFactory PARSERS = PROVIDER.createParserFactory(Map.of());

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
        JsonSyntax.check(text, MAX_DEPTH);
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            parser.next();
            return parser.getValue();
        } catch (RuntimeException e) {
            // Parsson reports its own bounds as a bare RuntimeException
            throw new MalformedJson("JSON beyond the limits: " + e.getMessage());
        }
    }
}
