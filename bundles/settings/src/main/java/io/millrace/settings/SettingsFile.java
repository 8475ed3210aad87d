package io.millrace.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A commented file of settings, {@code PID.cfg}: a properties file in UTF-8, edited in place. A line
 * {@code #key = value} shows a default and is where the key's value goes when it is set. Not for several
 * threads.
 */
public final class SettingsFile {

    private static final int MOST_BYTES = 1 << 20;

    /** Some lines of the file; a key when they set one. */
    private record Part(List<String> lines, Optional<String> key, String value) {

        static Part of(List<String> lines) throws IOException {
            Properties one = new Properties();
            try {
                one.load(new StringReader(String.join("\n", lines)));
            } catch (IllegalArgumentException e) {
                throw new IOException("'" + lines.getFirst().strip() + "' has a bad \\u escape");
            }
            Optional<String> key = one.stringPropertyNames().stream().findFirst();
            return new Part(List.copyOf(lines), key, key.map(one::getProperty).orElse(""));
        }

        static Part setting(String key, String value) {
            return new Part(
                    List.of(Escape.key(key) + " =" + (value.isEmpty() ? "" : " " + Escape.value(value))),
                    Optional.of(key),
                    value);
        }

        static Part shown(String key, String value) {
            return new Part(
                    List.of("#" + Escape.key(key) + " =" + (value.isEmpty() ? "" : " " + Escape.value(value))),
                    Optional.empty(),
                    "");
        }

        boolean sets(String wanted) {
            return key.filter(wanted::equals).isPresent();
        }

        boolean shows(String wanted) {
            String line = lines.getFirst();
            return line.startsWith("#" + wanted)
                    && line.substring(wanted.length() + 1).stripLeading().startsWith("=");
        }
    }

    private final List<Part> parts = new ArrayList<>();

    private SettingsFile() {}

    /**
     * Reads a file.
     *
     * @throws IOException when it cannot be read; the message says why, without the file's name
     */
    public static SettingsFile read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it has more than " + MOST_BYTES + " bytes");
        }
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (CharacterCodingException e) {
            throw new IOException("it is not written in UTF-8", e);
        }
    }

    /**
     * Reads the text of a file.
     *
     * @throws IOException when an escape in it is wrong
     */
    public static SettingsFile parse(String text) throws IOException {
        SettingsFile file = new SettingsFile();
        List<String> open = new ArrayList<>();
        for (String line : text.lines().toList()) {
            open.add(line);
            if (open.size() == 1 && (comment(line) || line.isBlank()) || !continued(line)) {
                file.parts.add(Part.of(open));
                open.clear();
            }
        }
        if (!open.isEmpty()) {
            file.parts.add(Part.of(open));
        }
        return file;
    }

    private static boolean comment(String line) {
        String text = line.stripLeading();
        return text.startsWith("#") || text.startsWith("!");
    }

    private static boolean continued(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** What it sets, by key in the order of the file; of a key that is there twice the last counts. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        parts.forEach(part -> part.key.ifPresent(key -> values.put(key, part.value)));
        return values;
    }

    /** The line that sets a key, from 1; empty when none does. */
    public Optional<Integer> line(String key) {
        int line = 1;
        Optional<Integer> found = Optional.empty();
        for (Part part : parts) {
            if (part.sets(key)) {
                found = Optional.of(line);
            }
            line += part.lines.size();
        }
        return found;
    }

    /** Keys that are set more than once. */
    public List<String> repeated() {
        return values().keySet().stream()
                .filter(key -> parts.stream().filter(part -> part.sets(key)).count() > 1)
                .toList();
    }

    /** Sets a key, where it was set or is shown, else at the end. */
    public void set(String key, String value) {
        Part setting = Part.setting(key, value);
        int at = last(key);
        if (at >= 0) {
            parts.set(at, setting);
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).shows(key)) {
                parts.set(i, setting);
                return;
            }
        }
        parts.add(setting);
    }

    /** Takes a key's value away; where it was, its default is shown. */
    public void unset(String key, String standard) {
        int at = last(key);
        if (at < 0) {
            return;
        }
        boolean shown = parts.stream().anyMatch(part -> part.shows(key));
        if (!shown) {
            parts.set(at, Part.shown(key, standard));
        }
        parts.removeIf(part -> part.sets(key));
    }

    private int last(String key) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i).sets(key)) {
                return i;
            }
        }
        return -1;
    }

    /** Its text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> part.lines.forEach(line -> text.append(line).append('\n')));
        return text.toString();
    }

    /**
     * Writes it so that a reader finds the old file or the new one, never a part. A file that was not there is
     * for its owner only: it may hold secrets.
     */
    public void write(Path file) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file;
        PrivateFile.write(
                target, text(), Files.exists(target) ? Files.getPosixFilePermissions(target) : PrivateFile.OWNER);
    }
}
