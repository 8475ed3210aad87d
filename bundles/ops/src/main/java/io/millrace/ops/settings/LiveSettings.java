package io.millrace.ops.settings;

import io.millrace.ops.settings.ChangeResult.Outcome;
import io.millrace.settings.ClosestName;
import io.millrace.settings.Launch;
import io.millrace.settings.Layer;
import io.millrace.settings.Layers;
import io.millrace.settings.OwnFiles;
import io.millrace.settings.Pid;
import io.millrace.settings.Problem;
import io.millrace.settings.Schema;
import io.millrace.settings.Secret;
import io.millrace.settings.Setting;
import io.millrace.settings.SettingsCheck;
import io.millrace.settings.SettingsFile;
import io.millrace.settings.ShownSetting;
import io.millrace.settings.Value;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The settings in force and those that are refused. For any thread; a change waits for the one before it,
 * and a moment for the components that take it.
 */
final class LiveSettings {

    private Launch launch;
    private final Schemas schemas;
    private final Configurations configurations;
    private final Reactions reactions;
    private final Consumer<String> warn;
    private final OwnFiles files;
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Pid, Map<String, String>> inForce = new TreeMap<>();
    private final Map<Pid, Map<String, String>> refusals = new TreeMap<>();

    /** Values that a component did not take, with what it said: they are not tried again until they change. */
    private final Map<Pid, Map<String, Veto>> vetoes = new HashMap<>();

    private Layers layers = new Layers(Map.of(), List.of());
    private Schema schema = Schema.none();
    private volatile List<String> cautions = List.of();

    /** Configurations that components were given at the start, when nobody waited for what they say. */
    private final Set<Pid> untried = new TreeSet<>();

    private record Veto(String text, String said) {}

    LiveSettings(
            Launch launch,
            Schemas schemas,
            Configurations configurations,
            Reactions reactions,
            Consumer<String> warn) {
        this.launch = launch;
        this.schemas = schemas;
        this.configurations = configurations;
        this.reactions = reactions;
        this.warn = warn;
        this.files = new OwnFiles(launch);
    }

    void start() {
        locked(() -> settle(Layers.read(launch), false));
    }

    void reload() {
        locked(() -> settle(Layers.read(launch), true));
    }

    /** Where a component did not start with the values of the start, puts the next better ones in force. */
    void mend() {
        locked(() -> {
            Set<Pid> bad = new TreeSet<>();
            for (Pid pid : untried) {
                reactions.unusable(pid).ifPresent(said -> {
                    bad.add(pid);
                    named(pid, said).forEach(key -> veto(pid, key, layers.value(pid, key).orElseThrow().text(), said));
                });
            }
            if (!bad.isEmpty()) {
                settle(Layers.read(launch), false);
                untried.removeAll(bad);
            }
        });
    }

    /** What files and command line set that a message names; all of it when it names none. */
    private Set<String> named(Pid pid, String message) {
        Set<String> set = new TreeSet<>();
        layers.stacks().get(pid).forEach((key, stack) -> {
            if (stack.getLast().layer().compareTo(Layer.ROLE) > 0) {
                set.add(key);
            }
        });
        Set<String> named = new TreeSet<>(set);
        named.removeIf(key -> !message.contains(key));
        return named.isEmpty() ? set : named;
    }

    private void veto(Pid pid, String key, String value, String said) {
        vetoes.computeIfAbsent(pid, p -> new HashMap<>()).put(key, new Veto(value, said));
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private void settle(Layers now, boolean running) {
        Schema declared = schemas.now();
        if (declared != schema) {
            vetoes.clear();
        }
        schema = declared;
        layers = now;
        Set<Pid> gone = new TreeSet<>(inForce.keySet());
        gone.removeAll(now.stacks().keySet());
        for (Pid pid : gone) {
            inForce.remove(pid);
            configurations.remove(pid);
        }
        Map<Pid, Map<String, String>> refused = new TreeMap<>();
        for (Pid pid : now.stacks().keySet()) {
            Map<String, String> why = new TreeMap<>();
            Map<String, String> wanted = accepted(pid, now, why);
            Map<String, String> before = inForce.get(pid);
            if (!wanted.equals(before)) {
                put(pid, wanted, running).ifPresent(said -> takeBack(pid, before, wanted, said, why));
            }
            if (!why.isEmpty()) {
                refused.put(pid, why);
            }
        }
        tell(refused);
        refusals.clear();
        refusals.putAll(refused);
        cautions = lookForCautions();
    }

    /** Brings values to the components; what one says that does not take them. */
    private Optional<String> put(Pid pid, Map<String, String> values, boolean wait) {
        Reactions.Before before = reactions.before(pid);
        if (before.anew()) {
            configurations.remove(pid);
        }
        long revision = configurations.put(pid, values);
        if (!before.failures().isEmpty()) {
            reactions.restart(pid, revision);
        }
        inForce.put(pid, values);
        if (wait) {
            untried.remove(pid);
        } else {
            untried.add(pid);
        }
        return wait ? reactions.refusal(pid, revision, before) : Optional.empty();
    }

    private void takeBack(
            Pid pid, Map<String, String> before, Map<String, String> wanted, String said, Map<String, String> why) {
        Map<String, String> last = before == null ? Map.of() : before;
        for (String key : differing(last, wanted)) {
            String value = wanted.getOrDefault(key, "");
            veto(pid, key, value, said);
            why.put(key, vetoed(pid, key, value, said));
        }
        if (before != null) {
            put(pid, before, false);
        }
    }

    private String vetoed(Pid pid, String key, String value, String said) {
        boolean secret = schema.setting(pid, key).filter(Setting::secret).isPresent();
        return pid + "." + key + " = " + (secret ? Secret.shown(value) : value) + " is refused by its component: "
                + said;
    }

    private static Set<String> differing(Map<String, String> one, Map<String, String> other) {
        Set<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        keys.removeIf(key -> Objects.equals(one.get(key), other.get(key)));
        return keys;
    }

    /** The values that may be brought to the components: for each that may not, the last that was good. */
    private Map<String, String> accepted(Pid pid, Layers now, Map<String, String> why) {
        Optional<Problem> unreadable = now.problems().stream()
                .filter(problem -> problem.pid().equals(pid))
                .findFirst();
        if (unreadable.isPresent() && inForce.containsKey(pid)) {
            why.put("", unreadable.get().text());
            return inForce.get(pid);
        }
        unreadable.ifPresent(problem -> why.put("", problem.text()));
        Map<String, String> values = new TreeMap<>(now.values(pid));
        for (Problem problem : now.check(pid, schema)) {
            why.put(problem.key(), problem.text());
        }
        vetoes.getOrDefault(pid, Map.of()).forEach((key, veto) -> {
            if (veto.text().equals(values.getOrDefault(key, ""))) {
                why.putIfAbsent(key, vetoed(pid, key, veto.text(), veto.said()));
            }
        });
        SettingsCheck check = new SettingsCheck(schema);
        for (String key : why.keySet()) {
            if (!key.isEmpty()) {
                fallback(pid, key, now, check).ifPresentOrElse(good -> values.put(key, good), () -> values.remove(key));
            }
        }
        return values;
    }

    private Optional<String> fallback(Pid pid, String key, Layers now, SettingsCheck check) {
        Predicate<String> good = value -> check.one(pid, key, value).isEmpty() && !refused(pid, key, value);
        Map<String, String> last = inForce.get(pid);
        if (last != null && (!last.containsKey(key) || good.test(last.get(key)))) {
            return Optional.ofNullable(last.get(key));
        }
        return now.stacks().get(pid).getOrDefault(key, List.of()).reversed().stream()
                .map(Value::text)
                .filter(good)
                .findFirst();
    }

    private boolean refused(Pid pid, String key, String value) {
        Veto veto = vetoes.getOrDefault(pid, Map.of()).get(key);
        return veto != null && veto.text().equals(value);
    }

    private void tell(Map<Pid, Map<String, String>> now) {
        now.forEach((pid, why) -> why.forEach((key, text) -> {
            if (!text.equals(refusals.getOrDefault(pid, Map.of()).get(key))) {
                warn.accept(text + " The last good value stays in force until this is mended.");
            }
        }));
    }

    ChangeResult set(Pid pid, String key, String value) {
        return change(pid, Map.of(key, Optional.of(value)), false);
    }

    ChangeResult unset(Pid pid, String key) {
        return change(pid, Map.of(key, Optional.empty()), false);
    }

    /** Sets some together; what is set below the own file anyway need not be in it. */
    ChangeResult submit(Pid pid, Map<String, String> values) {
        lock.lock();
        try {
            Map<String, Optional<String>> changes = new TreeMap<>();
            values.forEach((key, value) -> changes.put(
                    key, Optional.of(value).filter(text -> !text.equals(below(pid, key)))));
            return change(pid, changes, false);
        } finally {
            lock.unlock();
        }
    }

    private String below(Pid pid, String key) {
        return layers.below(pid, key, Layer.SHIPPED)
                .map(Value::text)
                .or(() -> schema.setting(pid, key).flatMap(Setting::standard))
                .orElse("");
    }

    /** Sets some together, now even where the command line set them; that is for the rest of this run only. */
    ChangeResult overrule(Pid pid, Map<String, String> values) {
        Map<String, Optional<String>> changes = new TreeMap<>();
        values.forEach((key, value) -> changes.put(key, Optional.of(value)));
        return change(pid, changes, true);
    }

    private ChangeResult change(Pid pid, Map<String, Optional<String>> changes, boolean overrule) {
        lock.lock();
        try {
            schema = schemas.now();
            Map<String, String> wrong = wrong(pid, changes);
            if (!wrong.isEmpty()) {
                boolean unknown = wrong.keySet().stream().anyMatch(key -> !schema.of(pid).containsKey(key));
                return new ChangeResult(unknown ? Outcome.UNKNOWN : Outcome.REFUSED, sentences(wrong), wrong);
            }
            Launch next = launch;
            Map<String, Optional<String>> inFile = new TreeMap<>(changes);
            for (String key : changes.keySet()) {
                if (overrule && launch.flagged(pid, key)) {
                    next = next.flagging(pid, key, inFile.remove(key).orElse(""));
                }
            }
            return apply(pid, changes.keySet(), inFile, next);
        } catch (IOException e) {
            return ChangeResult.failed("Nothing was changed: the file of " + pid + " cannot be written: " + e.getMessage() + ".");
        } finally {
            lock.unlock();
        }
    }

    private ChangeResult apply(Pid pid, Set<String> keys, Map<String, Optional<String>> inFile, Launch next)
            throws IOException {
        Map<Pid, SettingsFile> changed = new HashMap<>();
        if (!inFile.isEmpty()) {
            SettingsFile file = files.open(pid, schema);
            inFile.forEach((key, value) -> value.ifPresentOrElse(
                    text -> file.set(key, text), () -> file.unset(key, files.standard(pid, key, schema))));
            changed.put(pid, file);
        }
        Map<String, String> before = inForce.get(pid);
        Optional<ChangeResult> refused = tryOut(pid, keys, Layers.read(next, changed));
        if (refused.isPresent()) {
            return refused.get();
        }
        try {
            if (!changed.isEmpty()) {
                files.write(pid, changed.get(pid));
            }
        } catch (IOException e) {
            restore(pid, before);
            throw e;
        }
        launch = next;
        settle(Layers.read(launch), true);
        return ChangeResult.done(keys.stream()
                .map(key -> inFile.containsKey(key) ? done(pid, key) : overruled(pid, key))
                .collect(Collectors.joining("; ")));
    }

    private static String sentences(Map<String, String> problems) {
        return problems.values().stream().distinct().collect(Collectors.joining(" "));
    }

    private Map<String, String> wrong(Pid pid, Map<String, Optional<String>> changes) {
        SettingsCheck check = new SettingsCheck(schema);
        Map<String, String> wrong = new TreeMap<>();
        changes.forEach((key, value) -> layers.unknown(pid, key, launch, schema)
                .or(() -> value.flatMap(text -> check.one(pid, key, launch.expanded(text))))
                .ifPresent(problem -> wrong.put(key, problem.text())));
        return wrong;
    }

    /** Brings what would be in force to the components; a refusal when they do not take it and have the former back. */
    private Optional<ChangeResult> tryOut(Pid pid, Set<String> keys, Layers changed) {
        Map<String, String> before = inForce.get(pid);
        Map<Pid, Map<String, Veto>> tried = new HashMap<>(vetoes);
        vetoes.remove(pid);
        Map<String, String> wanted = accepted(pid, changed, new TreeMap<>());
        Optional<String> said = wanted.equals(before) ? Optional.empty() : put(pid, wanted, true);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        restore(pid, before);
        vetoes.putAll(tried);
        Map<String, String> problems = new TreeMap<>();
        keys.forEach(key -> problems.put(key, vetoed(pid, key, wanted.getOrDefault(key, ""), said.get())));
        return Optional.of(new ChangeResult(Outcome.REFUSED, sentences(problems), problems));
    }

    private void restore(Pid pid, Map<String, String> before) {
        if (before == null) {
            inForce.remove(pid);
            configurations.remove(pid);
        } else {
            put(pid, before, false);
        }
    }

    private String done(Pid pid, String key) {
        String file = files.path(pid).map(Object::toString).orElse("");
        return launch.flagged(pid, key)
                ? pid + "." + key + " is set in " + file + "; the command line of this run wins over it until the"
                        + " node is started without that"
                : pid + "." + key + " is now " + shown(pid, key) + " (" + file + ")";
    }

    private String overruled(Pid pid, String key) {
        return pid + "." + key + " is now " + shown(pid, key)
                + " until the node stops; the command line sets it again at the next start";
    }

    private String shown(Pid pid, String key) {
        String value = Optional.ofNullable(inForce.getOrDefault(pid, Map.of()).get(key))
                .or(() -> schema.setting(pid, key).flatMap(Setting::standard))
                .orElse("");
        String text = schema.setting(pid, key).filter(Setting::secret).isPresent() ? Secret.shown(value) : value;
        return text.isEmpty() ? "empty" : text;
    }

    /** A value as it is set, which may be a secret; empty when it is not set. */
    String raw(Pid pid, String key) {
        lock.lock();
        try {
            return layers.value(pid, key).map(Value::text).orElse("");
        } finally {
            lock.unlock();
        }
    }

    List<ShownSetting> list() {
        lock.lock();
        try {
            schema = schemas.now();
            return ShownSetting.all(launch, layers, schema, inForce, refusals);
        } finally {
            lock.unlock();
        }
    }

    Schema schema() {
        return schemas.now();
    }

    /** What is refused, what has no bundle, which secrets stand in a file. */
    List<String> cautions() {
        return cautions;
    }

    private List<String> lookForCautions() {
        Set<String> found = new TreeSet<>();
        refusals.values().forEach(why -> found.addAll(why.values()));
        layers.stacks().forEach((pid, stack) -> {
            if (!schema.has(pid) && !launch.defaults().containsKey(pid)) {
                found.add(files.path(pid).map(Object::toString).orElse(pid.toString())
                        + " is for no bundle of this node." + ClosestName.hint(pid.toString(), names())
                        + " It counts as soon as its bundle is there.");
            }
            stack.forEach((key, values) -> {
                String text = values.getLast().text();
                if (!text.isEmpty()
                        && !Secret.isReference(text)
                        && schema.setting(pid, key).filter(Setting::secret).isPresent()) {
                    found.add(pid + "." + key + " is a secret in plain text (" + values.getLast().where()
                            + "): keep it elsewhere and give it as file:/PATH or env:NAME");
                }
            });
        });
        return List.copyOf(found);
    }

    private Set<String> names() {
        return new TreeSet<>(schema.kinds().keySet());
    }
}
