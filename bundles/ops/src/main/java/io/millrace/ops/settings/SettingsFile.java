package io.millrace.ops.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All settings of one run. The file is a properties file in UTF-8 with one line for each,
 * {@code PID/key=value} or {@code PID~name/key=value} for one of several of a kind. A line without a
 * key is a configuration that may have no settings at all.
 *
 * @param settings values by configuration, then by key
 * @param problems one line for each line of the file that is none of these, naming it
 */
record SettingsFile(Map<Pid, Map<String, String>> settings, List<String> problems) {

    private static final Pattern LINE =
            Pattern.compile("(?<factory>[\\w.-]+)(~(?<name>[\\w.-]+))?/(?<key>[\\w.-]*)");

    /** A configuration: of a kind that exists once (empty name), or one of several. */
    record Pid(String factory, String name) implements Comparable<Pid> {

        @Override
        public int compareTo(Pid other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return name.isEmpty() ? factory : factory + "~" + name;
        }
    }

    /** Reads a file. */
    static SettingsFile read(Path file) throws IOException {
        Map<Pid, Map<String, String>> settings = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, String> line : lines(file, problems).entrySet()) {
            Matcher matcher = LINE.matcher(line.getKey());
            if (matcher.matches()) {
                String name = matcher.group("name");
                Map<String, String> values = settings.computeIfAbsent(
                        new Pid(matcher.group("factory"), name == null ? "" : name), pid -> new TreeMap<>());
                if (!matcher.group("key").isEmpty()) {
                    values.put(matcher.group("key"), line.getValue());
                }
            } else {
                problems.add("'" + line.getKey() + "' is not of the form PID/key or PID~name/key");
            }
        }
        return new SettingsFile(settings, List.copyOf(problems));
    }

    private static Map<String, String> lines(Path file, List<String> problems) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        Properties parser = new Properties() {
            private static final long serialVersionUID = 1;

            @Override
            public Object put(Object key, Object value) {
                if (lines.put((String) key, (String) value) != null) {
                    problems.add("'" + key + "' is there twice; the last one counts");
                }
                return null;
            }
        };
        try (Reader reader = Files.newBufferedReader(file)) {
            parser.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IOException("it has a bad \\u escape", e);
        }
        return lines;
    }
}
