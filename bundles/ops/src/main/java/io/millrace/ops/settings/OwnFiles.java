package io.millrace.ops.settings;

import io.millrace.settings.Launch;
import io.millrace.settings.Manual;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import io.millrace.settings.Setting;
import io.millrace.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The node's own files: the place where every change ends. */
final class OwnFiles {

    private final Launch launch;

    OwnFiles(Launch launch) {
        this.launch = launch;
    }

    /** Where a configuration's file is or would be; empty on a node that has none. */
    Optional<Path> path(Pid pid) {
        return launch.own().map(folder -> folder.resolve(pid + ".cfg"));
    }

    /** Its file as it is, or with all that the shipped one explains and nothing set. */
    SettingsFile open(Pid pid, Schema schema) throws IOException {
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
    String standard(Pid pid, String key, Schema schema) {
        String role = launch.defaults().getOrDefault(pid, Map.of()).get(key);
        return role == null ? schema.setting(pid, key).flatMap(Setting::standard).orElse("") : role;
    }

    void write(Pid pid, SettingsFile file) throws IOException {
        Path path = path(pid).orElseThrow();
        Files.createDirectories(path.getParent());
        file.write(path);
    }
}
