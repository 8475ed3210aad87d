package io.millrace.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * All settings that some bundles declare. Immutable.
 *
 * @param kinds settings by key, in the order of their bundle, by PID or factory PID
 * @param factories the factory PIDs among them
 * @param titles what a kind is called, for a person, by PID or factory PID
 */
public record Schema(Map<String, Map<String, Setting>> kinds, Set<String> factories, Map<String, Title> titles) {

    /** Name and description of a kind of configuration; its PID and nothing when its bundle gives none. */
    public record Title(String name, String description) {}

    /** The folder of a bundle that holds its declarations. */
    public static final String FOLDER = "OSGI-INF/metatype";

    /** Declarations of a bundle beyond this many are left out. */
    public static final int MOST_FILES = 200;

    private static final Schema NONE = new Schema(Map.of(), Set.of(), Map.of());

    public Schema {
        kinds = Collections.unmodifiableMap(new TreeMap<>(kinds));
        factories = Set.copyOf(factories);
        titles = Map.copyOf(titles);
    }

    /** One without settings. */
    public static Schema none() {
        return NONE;
    }

    /**
     * Reads one declaration, a metatype XML.
     *
     * @throws IOException when it cannot be read or is none
     */
    public static Schema read(InputStream xml) throws IOException {
        return MetatypeXml.read(xml);
    }

    /**
     * Reads all declarations of a bundle.
     *
     * @throws IOException when the file is no jar or a declaration in it cannot be read
     */
    public static Schema of(Path jar) throws IOException {
        List<Schema> parts = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> entry.getName().startsWith(FOLDER + "/")
                            && entry.getName().endsWith(".xml"))
                    .limit(MOST_FILES)
                    .toList();
            for (ZipEntry entry : entries) {
                try (InputStream in = zip.getInputStream(entry)) {
                    parts.add(read(in));
                }
            }
        }
        return all(parts);
    }

    /** Several together; of a PID that more than one declares, the first counts. */
    public static Schema all(Collection<Schema> parts) {
        Map<String, Map<String, Setting>> kinds = new TreeMap<>();
        Set<String> factories = new TreeSet<>();
        Map<String, Title> titles = new TreeMap<>();
        for (Schema part : parts) {
            part.kinds.forEach(kinds::putIfAbsent);
            part.titles.forEach(titles::putIfAbsent);
            factories.addAll(part.factories);
        }
        return new Schema(kinds, factories, titles);
    }

    /** Whether this configuration is declared. */
    public boolean has(Pid pid) {
        return kinds.containsKey(pid.kind()) && pid.name().isEmpty() != factories.contains(pid.kind());
    }

    /** The settings of a configuration by key, in the order of their bundle; none when it is not declared. */
    public Map<String, Setting> of(Pid pid) {
        return kinds.getOrDefault(pid.kind(), Map.of());
    }

    /** What a configuration is called. */
    public Title title(Pid pid) {
        return titles.getOrDefault(pid.kind(), new Title(pid.kind(), ""));
    }

    /** One setting. */
    public Optional<Setting> setting(Pid pid, String key) {
        return Optional.ofNullable(of(pid).get(key));
    }

    /** Copies settings in their order. */
    static Map<String, Setting> ordered(Collection<Setting> settings) {
        Map<String, Setting> byKey = new LinkedHashMap<>();
        settings.forEach(setting -> byKey.putIfAbsent(setting.key(), setting));
        return Collections.unmodifiableMap(byKey);
    }
}
