package io.millrace.launcher;

import io.millrace.settings.ClosestName;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.parsson.JsonProviderImpl;

/**
 * What a role is made of: a file of {@code features/}, with those it includes.
 *
 * @param role the file's name
 * @param bundles start level by the bundle's file name without {@code .jar}, in the order of the files
 * @param configurations settings by PID; a PID that is not here is not configured, so what needs it is off
 */
public record Feature(String role, Map<String, Integer> bundles, Map<String, Map<String, String>> configurations) {

    /** Reads the feature of a role. */
    public static Feature read(DistributionFolder home, String role) {
        if (!home.roles().contains(role)) {
            throw new Refused("There is no role '" + role + "'." + ClosestName.hint(role, home.roles()) + " Roles: "
                    + String.join(", ", home.roles()) + ".");
        }
        Feature feature = new Feature(role, new LinkedHashMap<>(), new TreeMap<>());
        feature.include(home.features(), role);
        return feature;
    }

    private void include(Path directory, String name) {
        Path file = directory.resolve(name + ".json");
        JsonObject json = parse(file);
        for (JsonString included : json.containsKey("include")
                ? json.getJsonArray("include").getValuesAs(JsonString.class)
                : List.<JsonString>of()) {
            include(directory, included.getString());
        }
        if (json.containsKey("bundles")) {
            json.getJsonObject("bundles").forEach((level, names) -> names.asJsonArray()
                    .getValuesAs(JsonString.class)
                    .forEach(bundle -> bundles.put(bundle.getString(), Integer.valueOf(level))));
        }
        if (json.containsKey("configurations")) {
            json.getJsonObject("configurations").forEach((pid, settings) -> {
                Map<String, String> known = configurations.computeIfAbsent(pid, p -> new TreeMap<>());
                settings.asJsonObject().forEach((key, value) -> known.put(key, text(value)));
            });
        }
    }

    private static String text(JsonValue value) {
        return value instanceof JsonString string ? string.getString() : value.toString();
    }

    private static JsonObject parse(Path file) {
        try (InputStream in = Files.newInputStream(file);
                JsonReader reader = new JsonProviderImpl().createReader(in)) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new Refused(file + " is no valid JSON: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
