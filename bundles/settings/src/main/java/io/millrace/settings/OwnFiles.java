package io.millrace.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The node's own settings files, to which every change is written. */
public final class OwnFiles {

    private final Launch launch;

    /** Those of a run. */
    public OwnFiles(Launch launch) {
        this.launch = launch;
    }

    /** Where a configuration's file is or would be; empty on a node that has none. */
    public Optional<Path> path(Pid pid) {
        return launch.own().map(folder -> folder.resolve(pid + ".cfg"));
    }

    /** Its file as it is, or with all that the shipped one explains and nothing set. */
    public SettingsFile open(Pid pid, Schema schema) throws IOException {
        Path own = path(pid).orElseThrow(() -> new IOException("this node has no folder for it"));
        if (Files.exists(own)) {
            return SettingsFile.read(own);
        }
        Optional<Path> shipped = launch.shipped().map(folder -> folder.resolve(pid + ".cfg")).filter(Files::exists);
        if (shipped.isEmpty()) {
            return Manual.of(pid, schema.of(pid).values());
        }
        SettingsFile file = SettingsFile.read(shipped.get());
        Map<String, String> values = file.values();
        values.forEach(file::unset);
        return file;
    }

    /** What the file shows of a key that it does not set. */
    public String standard(Pid pid, String key, Schema schema) {
        String role = launch.defaults().getOrDefault(pid, Map.of()).get(key);
        return role == null ? schema.setting(pid, key).flatMap(Setting::standard).orElse("") : role;
    }

    /** Writes it, whole or not at all. */
    public void write(Pid pid, SettingsFile file) throws IOException {
        Path path = path(pid).orElseThrow();
        Files.createDirectories(path.getParent());
        file.write(path);
    }
}
