package io.millrace.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All values of a run at a moment: those of the role, over them the shipped files, over them the node's own
 * files, over them the command line. A shipped file never brings a configuration in; an own file brings in
 * one of a kind that the role has, or one that the distribution does not know, which is a third party's.
 *
 * @param stacks values by configuration and key, the lowest layer first
 * @param problems what could not be read
 */
public record Layers(Map<Pid, Map<String, List<Value>>> stacks, List<Problem> problems) {

    private static final String ENDING = ".cfg";

    /** Reads the files of a run and puts all together. */
    public static Layers read(Launch launch) {
        return read(launch, Map.of());
    }

    /** As it would be if some own files were different. */
    public static Layers read(Launch launch, Map<Pid, SettingsFile> changed) {
        Layers layers = new Layers(new TreeMap<>(), new ArrayList<>());
        layers.put(launch, launch.defaults(), Layer.ROLE);
        Set<Pid> shipped = new TreeSet<>();
        launch.shipped().ifPresent(folder -> pids(folder).forEach(pid -> {
            shipped.add(pid);
            if (layers.stacks.containsKey(pid)) {
                layers.put(launch, folder.resolve(pid + ENDING), pid, Layer.SHIPPED);
            }
        }));
        launch.own().ifPresent(folder -> {
            Set<Pid> own = pids(folder);
            own.addAll(changed.keySet());
            own.stream().filter(pid -> belongs(pid, launch, shipped)).forEach(pid -> {
                layers.stacks.computeIfAbsent(pid, p -> new TreeMap<>());
                Path file = folder.resolve(pid + ENDING);
                if (changed.containsKey(pid)) {
                    layers.put(launch, changed.get(pid), file, pid, Layer.OWN);
                } else {
                    layers.put(launch, file, pid, Layer.OWN);
                }
            });
        });
        layers.put(launch, launch.flags(), Layer.FLAG);
        return layers;
    }

    /** Whether an own file of this configuration counts in this run. */
    public static boolean belongs(Pid pid, Launch launch, Set<Pid> shipped) {
        return launch.defaults().containsKey(pid)
                || launch.defaults().keySet().stream().anyMatch(one -> one.kind().equals(pid.kind()))
                || shipped.stream().noneMatch(one -> one.kind().equals(pid.kind()));
    }

    /** The configurations that there are, and those that a third party's bundle would have. */
    public Set<Pid> known(Launch launch, Schema schema) {
        Set<Pid> known = new TreeSet<>(stacks.keySet());
        Set<Pid> shipped = shipped(launch);
        schema.kinds().keySet().stream()
                .map(Pid::of)
                .filter(schema::has)
                .filter(pid -> belongs(pid, launch, shipped))
                .forEach(known::add);
        return known;
    }

    /**
     * What is wrong with the name of a setting that somebody wants to change: there must be such a configuration,
     * or it must be one more of a kind that there is, and it must have such a setting.
     */
    public Optional<Problem> unknown(Pid pid, String key, Launch launch, Schema schema) {
        Set<Pid> known = known(launch, schema);
        boolean oneMore = schema.has(pid) && !pid.name().isEmpty() && belongs(pid, launch, shipped(launch));
        if (!Pid.isOne(pid.toString()) || !known.contains(pid) && !oneMore) {
            List<String> names = known.stream().map(Pid::toString).toList();
            return Optional.of(new Problem(
                    pid,
                    "",
                    "There are no settings '" + pid + "' on this node." + ClosestName.hint(pid.toString(), names)
                            + " It has: " + String.join(", ", names) + "."));
        }
        return new SettingsCheck(schema).one(pid, key, "").filter(problem -> !schema.of(pid).containsKey(key));
    }

    private static Set<Pid> shipped(Launch launch) {
        return launch.shipped().map(Layers::pids).orElse(Set.of());
    }

    /** The configurations that have a file in a folder. */
    public static Set<Pid> pids(Path folder) {
        Set<Pid> pids = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .filter(Pid::isOne)
                    .forEach(name -> pids.add(Pid.of(name)));
        } catch (IOException e) {
            // A folder that is not there has none.
        }
        return pids;
    }

    private void put(Launch launch, Map<Pid, Map<String, String>> settings, Layer layer) {
        settings.forEach((pid, values) -> {
            Map<String, List<Value>> stack = stacks.computeIfAbsent(pid, p -> new TreeMap<>());
            values.forEach((key, text) -> push(stack, key, Value.of(launch.expanded(text), layer)));
        });
    }

    private void put(Launch launch, Path file, Pid pid, Layer layer) {
        try {
            put(launch, SettingsFile.read(file), file, pid, layer);
        } catch (NoSuchFileException e) {
            // Gone since the folder was listed: nothing is set there.
        } catch (IOException e) {
            problems.add(new Problem(pid, "", file + " cannot be read: " + e.getMessage() + "."));
        }
    }

    private void put(
            Launch launch, SettingsFile settings, Path file, Pid pid, Layer layer) {
        settings.values().forEach((key, text) -> push(
                stacks.get(pid),
                key,
                new Value(
                        launch.expanded(text),
                        layer,
                        Optional.of(file),
                        settings.line(key).orElse(0))));
    }

    private static void push(Map<String, List<Value>> stack, String key, Value value) {
        stack.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    }

    /** The value that counts. */
    public Optional<Value> value(Pid pid, String key) {
        return below(pid, key, Layer.FLAG);
    }

    /** The value that would count if there were only layers up to this one. */
    public Optional<Value> below(Pid pid, String key, Layer highest) {
        return stacks.getOrDefault(pid, Map.of()).getOrDefault(key, List.of()).stream()
                .filter(value -> value.layer().compareTo(highest) <= 0)
                .reduce((lower, higher) -> higher);
    }

    /** The values that count, by key. */
    public Map<String, String> values(Pid pid) {
        Map<String, String> values = new LinkedHashMap<>();
        stacks.getOrDefault(pid, Map.of())
                .forEach((key, stack) -> values.put(key, stack.getLast().text()));
        return values;
    }

    /** All that is wrong with what counts, each with the file and line it is in. */
    public List<Problem> check(Schema schema) {
        List<Problem> all = new ArrayList<>(problems);
        stacks.keySet().forEach(pid -> all.addAll(check(pid, schema)));
        return all;
    }

    /** All that is wrong with the values of a configuration that count, each with the file and line it is in. */
    public List<Problem> check(Pid pid, Schema schema) {
        return new SettingsCheck(schema)
                .all(pid, values(pid)).stream()
                        .map(problem -> value(pid, problem.key())
                                .flatMap(value -> value.file().map(file -> new Problem(
                                        pid,
                                        problem.key(),
                                        problem.text() + " (" + file + ", line " + value.line() + ")")))
                                .orElse(problem))
                        .toList();
    }
}
