package io.millrace.settings;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a run is started with and no file changes. The launcher writes it down, the node reads it.
 *
 * @param defaults settings of the role, by configuration; an empty one is configured without settings
 * @param flags settings of the command line, by configuration; they win over all others
 * @param variables texts that values may name as {@code ${name}}, by name
 * @param shipped folder of the files that come with the distribution; empty when there is none
 * @param own folder of the files of this node, where changes go; empty when there is none
 */
public record Launch(
        Map<Pid, Map<String, String>> defaults,
        Map<Pid, Map<String, String>> flags,
        Map<String, String> variables,
        Optional<Path> shipped,
        Optional<Path> own) {

    private static final String DEFAULT = "default/";
    private static final String FLAG = "flag/";
    private static final String VARIABLE = "variable/";
    private static final String SHIPPED = "shipped";
    private static final String OWN = "own";

    /** One of nothing. */
    public static Launch none() {
        return new Launch(Map.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());
    }

    /** Whether the command line sets it. */
    public boolean flagged(Pid pid, String key) {
        return flags.getOrDefault(pid, Map.of()).containsKey(key);
    }

    /** The same with another value on the command line. */
    public Launch flagging(Pid pid, String key, String value) {
        Map<Pid, Map<String, String>> others = new TreeMap<>(flags);
        Map<String, String> values = new TreeMap<>(flags.getOrDefault(pid, Map.of()));
        values.put(key, value);
        others.put(pid, values);
        return new Launch(defaults, others, variables, shipped, own);
    }

    /** A value with its variables replaced by what they stand for. */
    public String expanded(String value) {
        String text = value;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            text = text.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        return text;
    }

    /** Writes it for this user only: it may hold secrets. */
    public void write(Path file) throws IOException {
        Properties lines = new Properties();
        put(lines, DEFAULT, defaults);
        put(lines, FLAG, flags);
        variables.forEach((name, text) -> lines.setProperty(VARIABLE + name, text));
        shipped.ifPresent(folder -> lines.setProperty(SHIPPED, folder.toString()));
        own.ifPresent(folder -> lines.setProperty(OWN, folder.toString()));
        StringWriter text = new StringWriter();
        lines.store(text, null);
        PrivateFile.write(file, text.toString());
    }

    private static void put(Properties lines, String layer, Map<Pid, Map<String, String>> settings) {
        settings.forEach((pid, values) -> {
            lines.setProperty(layer + pid + "/", "");
            values.forEach((key, value) -> lines.setProperty(layer + pid + "/" + key, value));
        });
    }

    /** Reads what was written. */
    public static Launch read(Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IOException("it has a bad \\u escape", e);
        }
        Map<String, String> variables = new TreeMap<>();
        for (String name : lines.stringPropertyNames()) {
            if (name.startsWith(VARIABLE)) {
                variables.put(name.substring(VARIABLE.length()), lines.getProperty(name));
            }
        }
        return new Launch(
                settings(lines, DEFAULT),
                settings(lines, FLAG),
                variables,
                Optional.ofNullable(lines.getProperty(SHIPPED)).map(Path::of),
                Optional.ofNullable(lines.getProperty(OWN)).map(Path::of));
    }

    private static Map<Pid, Map<String, String>> settings(Properties lines, String layer) {
        Map<Pid, Map<String, String>> settings = new TreeMap<>();
        for (String name : lines.stringPropertyNames()) {
            int slash = name.lastIndexOf('/');
            if (name.startsWith(layer) && slash > layer.length()) {
                Map<String, String> values = settings.computeIfAbsent(
                        Pid.of(name.substring(layer.length(), slash)), pid -> new TreeMap<>());
                if (slash + 1 < name.length()) {
                    values.put(name.substring(slash + 1), lines.getProperty(name));
                }
            }
        }
        return settings;
    }
}
