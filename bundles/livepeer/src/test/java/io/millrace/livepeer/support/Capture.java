package io.millrace.livepeer.support;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What real nodes of the network said to each other, from the test resources. */
public final class Capture {

    private Capture() {}

    /** A binary one. */
    public static byte[] bytes(String name) {
        try (InputStream in = Capture.class.getResourceAsStream("/captures/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The message of a gRPC body: without its five bytes of frame. */
    public static byte[] grpc(String name) {
        byte[] bytes = bytes(name);
        return Arrays.copyOfRange(bytes, 5, bytes.length);
    }

    /** An exchange as JSON. */
    public static JsonObject json(String name) {
        return JsonParser.parseString(new String(bytes(name), StandardCharsets.UTF_8)).getAsJsonObject();
    }

    /** The names of the files in a folder, in order. */
    public static List<String> list(String folder, String suffix) {
        URL url = Capture.class.getResource("/captures/" + folder);
        try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .map(name -> folder + "/" + name)
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A header of a recorded request or response. */
    public static Optional<String> header(JsonObject message, String name) {
        return field(message.getAsJsonArray("headers"), name);
    }

    /** A trailer of a recorded response. */
    public static Optional<String> trailer(JsonObject message, String name) {
        JsonElement trailers = message.get("trailers");
        return trailers == null || trailers.isJsonNull() ? Optional.empty() : field(trailers.getAsJsonArray(), name);
    }

    /** A recorded body; the text of one or its bytes. */
    public static byte[] body(JsonObject message) {
        JsonObject body = message.getAsJsonObject("body");
        if (body.has("text")) {
            return body.get("text").getAsString().getBytes(StandardCharsets.UTF_8);
        }
        return body.has("hex") ? HexFormat.of().parseHex(body.get("hex").getAsString()) : new byte[0];
    }

    private static Optional<String> field(JsonArray fields, String name) {
        for (JsonElement field : fields) {
            if (field.getAsJsonArray().get(0).getAsString().equalsIgnoreCase(name)) {
                return Optional.of(field.getAsJsonArray().get(1).getAsString());
            }
        }
        return Optional.empty();
    }
}
