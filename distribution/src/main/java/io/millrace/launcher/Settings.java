package io.millrace.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of one run: those of the role's feature, over them the files of {@code config/} in the
 * distribution and then in the data folder, over them what the command line says. Files and command
 * line can change a PID of the role, never bring one in that the role does not have.
 */
public final class Settings {

    private final String role;
    private final Map<String, Map<String, String>> byPid = new TreeMap<>();
    private final Map<String, String> variables = new TreeMap<>();

    /** The settings of a role without files and command line. */
    public Settings(Feature feature, Home home, Path data) {
        role = feature.role();
        feature.configurations().forEach((pid, settings) -> byPid.put(pid, new TreeMap<>(settings)));
        variables.put("${role}", role);
        variables.put("${home}", home.directory().toString());
        variables.put("${data}", data.toString());
        variables.put("${version}", Home.version());
        // Unpacked once for all nodes of a distribution where that can be written, else once a node.
        Path shared = Files.isWritable(home.directory()) ? home.directory() : data;
        variables.put("${natives}", shared.resolve("natives").toString());
    }

    /** Applies the {@code PID.cfg} files of a folder, where there is one. */
    public void readFiles(Path directory) {
        for (Map.Entry<String, Map<String, String>> entry : byPid.entrySet()) {
            Path file = directory.resolve(entry.getKey() + ".cfg");
            if (!Files.isRegularFile(file)) {
                continue;
            }
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (IllegalArgumentException e) {
                throw new Refused(file + " cannot be read: " + e.getMessage());
            }
            properties.stringPropertyNames().forEach(key -> entry.getValue().put(key, properties.getProperty(key)));
        }
    }

    /** Applies {@code PID.key=value}. */
    public void set(String assignment) {
        int equals = assignment.indexOf('=');
        int dot = assignment.lastIndexOf('.', equals < 0 ? assignment.length() : equals);
        if (equals < 0 || dot <= 0 || dot + 1 == equals) {
            throw new Refused("--set takes PID.key=value, not '" + assignment + "'.");
        }
        put(assignment.substring(0, dot), assignment.substring(dot + 1, equals), assignment.substring(equals + 1));
    }

    /** Sets one value. */
    public void put(String pid, String key, String value) {
        Map<String, String> settings = byPid.get(pid);
        if (settings == null) {
            throw new Refused("The role " + role + " has no settings '" + pid + "'."
                    + Nearest.hint(pid, byPid.keySet()) + " It has: " + String.join(", ", byPid.keySet()) + ".");
        }
        settings.put(key, value);
    }

    /** Takes a PID out, so that what needs it is off. */
    public void remove(String pid) {
        byPid.remove(pid);
    }

    /** Whether the role has this PID. */
    public boolean has(String pid) {
        return byPid.containsKey(pid);
    }

    /** All of it for the node to read: a property {@code PID/key} each, {@code PID/} where a PID has none. */
    public Properties resolved() {
        Properties lines = new Properties();
        byPid.forEach((pid, settings) -> {
            if (settings.isEmpty()) {
                lines.setProperty(pid + "/", "");
            }
            settings.forEach((key, value) -> lines.setProperty(pid + "/" + key, expand(value)));
        });
        return lines;
    }

    private String expand(String value) {
        String expanded = value;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            expanded = expanded.replace(variable.getKey(), variable.getValue());
        }
        return expanded;
    }
}
