package io.millrace.media.json;

import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
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
    private static final JsonParserFactory PARSERS = PROVIDER.createParserFactory(
            Map.of(org.eclipse.parsson.api.JsonConfig.MAX_DEPTH, MAX_DEPTH));

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
        if (text.isBlank()) {
            throw new MalformedJson("unexpected end of JSON input");
        }
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            parser.next();
            JsonValue value = parser.getValue();
            if (parser.hasNext()) {
                throw new MalformedJson("invalid character after top-level value");
            }
            return value;
        } catch (JsonParsingException e) {
            throw new MalformedJson(reason(text, e));
        } catch (RuntimeException e) {
            // Parsson reports its own bounds as a bare RuntimeException
            throw new MalformedJson("JSON beyond the limits: " + e.getMessage());
        }
    }

    private static String reason(String text, JsonParsingException e) {
        long offset = e.getLocation() == null ? -1 : e.getLocation().getStreamOffset();
        if (offset < 0 || offset >= text.stripTrailing().length()) {
            return "unexpected end of JSON input";
        }
        return "invalid character '" + text.charAt((int) offset) + "' in JSON at offset " + offset;
    }
}
