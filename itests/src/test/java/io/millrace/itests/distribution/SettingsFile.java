package io.millrace.itests.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A commented file of {@code config/}.
 *
 * @param text all of it
 * @param settings value by key of its lines {@code #key = value}
 * @param undocumented keys without a line of text above them
 * @param others lines that are neither empty nor a comment
 */
record SettingsFile(
        String pid, String text, Map<String, String> settings, List<String> undocumented, List<String> others) {

    private static final Pattern SETTING = Pattern.compile("#(\\w+) =(?: (.*))?");

    static SettingsFile read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SettingsFile settings = new SettingsFile(
                file.getFileName().toString().replaceFirst("\\.cfg$", ""),
                String.join("\n", lines),
                new TreeMap<>(),
                new ArrayList<>(),
                new ArrayList<>());
        String above = "";
        for (String line : lines) {
            settings.add(line, above);
            above = line;
        }
        return settings;
    }

    private void add(String line, String above) {
        Matcher setting = SETTING.matcher(line);
        if (setting.matches()) {
            settings.put(setting.group(1), setting.group(2) == null ? "" : setting.group(2));
            if (!above.startsWith("# ")) {
                undocumented.add(setting.group(1));
            }
        } else if (!line.isEmpty() && !line.startsWith("# ")) {
            others.add(line);
        }
    }
}
