package io.millrace.launcher;

import io.millrace.settings.ClosestName;
import io.millrace.settings.Launch;
import io.millrace.settings.Layers;
import io.millrace.settings.Pid;
import io.millrace.settings.Problem;
import io.millrace.settings.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The settings of one run: those of the role's feature, over them the files of {@code config/} in the
 * distribution and then in the data folder, over them what the command line says.
 */
public final class Settings {

    private final Feature feature;
    private final DistributionFolder home;
    private final Path data;
    private final Map<Pid, Map<String, String>> defaults = new TreeMap<>();
    private final Map<Pid, Map<String, String>> flags = new TreeMap<>();
    private final Map<String, String> variables = new TreeMap<>();
    private boolean files;

    /** The settings of a role without files and command line. */
    public Settings(Feature feature, DistributionFolder home, Path data) {
        this.feature = feature;
        this.home = home;
        this.data = data;
        feature.configurations().forEach((pid, settings) -> defaults.put(Pid.of(pid), new TreeMap<>(settings)));
        variables.put("role", feature.role());
        variables.put("home", home.directory().toString());
        variables.put("data", data.toString());
        variables.put("version", DistributionFolder.version());
        // Unpacked once for all nodes of a distribution where that can be written, else once a node.
        Path shared = Files.isWritable(home.directory()) ? home.directory() : data;
        variables.put("natives", shared.resolve("natives").toString());
    }

    /** Lets the {@code PID.cfg} files of the distribution and the data folder count. */
    public Settings withFiles() {
        files = true;
        return this;
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

    /** Sets one value, over all files. */
    public void put(String pid, String key, String value) {
        flags.computeIfAbsent(Pid.of(pid), p -> new TreeMap<>()).put(key, value);
    }

    /** Whether the role has this PID. */
    public boolean has(String pid) {
        return defaults.containsKey(Pid.of(pid));
    }

    /** What the node is started with. */
    public Launch launch() {
        return new Launch(
                defaults,
                flags,
                variables,
                files ? Optional.of(home.config()) : Optional.empty(),
                files ? Optional.of(data.resolve("config")) : Optional.empty());
    }

    /** All of it as it counts: a property {@code PID/key} each, {@code PID/} where a PID has none. */
    public Properties resolved() {
        Layers layers = Layers.read(launch());
        Properties lines = new Properties();
        for (Pid pid : layers.stacks().keySet()) {
            Map<String, String> values = layers.values(pid);
            if (values.isEmpty()) {
                lines.setProperty(pid + "/", "");
            }
            values.forEach((key, value) -> lines.setProperty(pid + "/" + key, value));
        }
        return lines;
    }

    /**
     * Compares them with what the bundles of the role declare.
     *
     * @throws Refused when something is wrong, with all that is, a line each
     */
    public void check() {
        check(declared());
    }

    /** What the bundles of the role declare, and those in the folders for further bundles. */
    public Schema declared() {
        return DeclaredSettings.by(feature, home, data);
    }

    void check(Schema schema) {
        Layers layers = Layers.read(launch());
        List<String> lines = new ArrayList<>();
        for (Pid pid : flags.keySet()) {
            boolean known = defaults.containsKey(pid)
                    || schema.has(pid) && Layers.belongs(pid, launch(), Layers.pids(home.config()));
            if (!known) {
                lines.add(unknown(pid, layers.stacks().keySet()));
            }
        }
        layers.check(schema).stream().map(Problem::text).forEach(lines::add);
        if (!lines.isEmpty()) {
            throw new Refused(String.join(System.lineSeparator(), lines));
        }
    }

    private String unknown(Pid pid, Set<Pid> all) {
        Set<String> known = new TreeSet<>();
        defaults.keySet().forEach(one -> known.add(one.toString()));
        all.stream().filter(one -> !flags.containsKey(one)).forEach(one -> known.add(one.toString()));
        return "The role " + feature.role() + " has no settings '" + pid + "'." + ClosestName.hint(pid.toString(), known)
                + " It has: " + String.join(", ", known) + ".";
    }
}
