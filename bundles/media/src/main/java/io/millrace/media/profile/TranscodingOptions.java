package io.millrace.media.profile;

import io.millrace.api.job.VideoProfile;
import io.millrace.media.json.BoundedJson;
import io.millrace.media.json.MalformedJson;
import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The meaning of go-livepeer's {@code -transcodingOptions}: the path of a file with a JSON array of
 * profiles when there is such a file, else preset names separated by commas, of which unknown ones are
 * skipped.
 */
public final class TranscodingOptions {

    /** Longest options file, in bytes. */
    public static final int MAX_FILE = BoundedJson.MAX_CHARACTERS;

    private TranscodingOptions() {}

    /**
     * The profiles that {@code text} asks for.
     *
     * @throws InvalidProfile when none is left or the file cannot be used; the message says what to write
     */
    public static List<VideoProfile> parse(String text) throws InvalidProfile {
        Optional<String> file = contentOf(text.strip());
        List<VideoProfile> profiles = file.isPresent() ? fromFile(text.strip(), file.get()) : fromNames(text);
        if (profiles.isEmpty()) {
            throw new InvalidProfile("No transcoding profiles found: " + text
                    + " is an options file without a profile");
        }
        return JsonProfile.distinct(profiles);
    }

    private static List<VideoProfile> fromFile(String path, String json) throws InvalidProfile {
        try {
            return switch (BoundedJson.parse(json)) {
                case JsonArray array -> JsonProfile.checked(JsonProfile.list("JsonProfile", array));
                case JsonValue other when other.getValueType() == JsonValue.ValueType.NULL -> List.of();
                default -> throw new InvalidProfile(path + ": the options file holds no JSON array of profiles");
            };
        } catch (MalformedJson e) {
            throw new InvalidProfile(path + ": " + e.getMessage());
        }
    }

    private static List<VideoProfile> fromNames(String text) throws InvalidProfile {
        List<String> names = Arrays.stream(text.split(",", JsonProfile.MAX_PROFILES + 1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        List<VideoProfile> profiles = Presets.named(names);
        if (profiles.isEmpty()) {
            String found = names.stream()
                    .map(name -> "'" + name + "' is neither a readable file nor a preset (did you mean "
                            + ClosestName.to(name, Presets.names()) + "?)")
                    .collect(Collectors.joining("; "));
            throw new InvalidProfile("No transcoding profiles found: "
                    + (names.isEmpty() ? "name at least one preset, such as P360p30fps16x9" : found));
        }
        return profiles;
    }

    /** Names in {@code text} that are no preset, when it is no file: what an operator should hear about. */
    public static List<String> skipped(String text) {
        if (contentOf(text.strip()).isPresent()) {
            return List.of();
        }
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty() && Presets.named(name).isEmpty())
                .toList();
    }

    private static Optional<String> contentOf(String text) {
        try {
            Path path = Path.of(text);
            if (text.isEmpty() || !Files.isRegularFile(path)) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(path)) {
                String content = new String(in.readNBytes(MAX_FILE + 1), StandardCharsets.UTF_8);
                return content.isEmpty() ? Optional.empty() : Optional.of(content);
            }
        } catch (InvalidPathException | IOException e) {
            // go-livepeer reads the names of presets in what it cannot open
            return Optional.empty();
        }
    }
}
