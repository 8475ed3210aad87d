package io.millrace.launcher.doctor;

import io.millrace.launcher.DataFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.Home;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

/**
 * A node, running or not, and the machine it is on.
 *
 * @param settings of the run that goes on, or of the one that would begin: {@code PID/key}
 * @param status what the node says of itself; empty when it does not run or starts
 */
record Patient(Home home, DataFolder data, Feature feature, Properties settings, Optional<JsonObject> status) {

    boolean isRunning() {
        return status.isPresent();
    }

    /** Whether its role has this PID. */
    boolean has(String pid) {
        return settings.stringPropertyNames().stream().anyMatch(name -> name.startsWith(pid + "/"));
    }

    /** The servers of its role, {@code http}, {@code service} and {@code admin}. */
    TreeSet<String> servers() {
        TreeSet<String> servers = new TreeSet<>();
        String prefix = "io.millrace.http~";
        for (String name : settings.stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                servers.add(name.substring(prefix.length(), name.indexOf('/')));
            }
        }
        return servers;
    }

    String setting(String pid, String key, String otherwise) {
        return settings.getProperty(pid + "/" + key, otherwise);
    }

    /** Where native libraries are unpacked. */
    Path natives() {
        String folder = setting("io.millrace.ffmpeg", "cacheDirectory", "");
        return folder.isEmpty() ? Path.of(System.getProperty("user.home"), ".javacpp", "cache") : Path.of(folder);
    }
}
