package io.millrace.settings;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Writes the commented file of a configuration that comes with none. */
public final class Manual {

    private static final int WIDTH = 108;

    private Manual() {}

    /** All settings with meaning, range and default; none is set. */
    public static SettingsFile of(Pid pid, Collection<Setting> settings) {
        StringBuilder text = new StringBuilder("# Settings of " + pid + ".\n");
        for (Setting setting : settings) {
            text.append('\n');
            String expected = SettingsCheck.expected(setting);
            wrapped(meaning(setting) + Character.toUpperCase(expected.charAt(0)) + expected.substring(1) + ".")
                    .forEach(line -> text.append("# ").append(line).append('\n'));
            String standard = setting.standard().orElse("");
            text.append('#')
                    .append(Escape.key(setting.key()))
                    .append(standard.isEmpty() ? " =" : " = " + Escape.value(standard))
                    .append('\n');
        }
        try {
            return SettingsFile.parse(text.toString());
        } catch (IOException e) {
            throw new IllegalStateException("what was escaped can be read", e);
        }
    }

    private static String meaning(Setting setting) {
        String text = setting.description().isBlank() ? setting.name() : setting.description();
        String line = text.replaceAll("\\s+", " ").strip();
        return line.isEmpty() ? "" : line.endsWith(".") ? line + " " : line + ". ";
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
