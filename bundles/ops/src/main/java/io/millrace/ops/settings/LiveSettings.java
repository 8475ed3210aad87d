package io.millrace.ops.settings;

import io.millrace.settings.Check;
import io.millrace.settings.ConsoleMarks;
import io.millrace.settings.Launch;
import io.millrace.settings.Layer;
import io.millrace.settings.Layers;
import io.millrace.settings.Nearest;
import io.millrace.settings.OwnFiles;
import io.millrace.settings.Pid;
import io.millrace.settings.Problem;
import io.millrace.settings.Schema;
import io.millrace.settings.Secret;
import io.millrace.settings.Setting;
import io.millrace.settings.SettingsFile;
import io.millrace.settings.Shown;
import io.millrace.settings.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
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

/**
 * The settings in force and those that are refused. For any thread; a change waits for the one before it,
 * and a moment for the components that take it.
 */
final class LiveSettings {

    /** Layers of the node's own files. */
    private static final Set<Layer> OWN = EnumSet.of(Layer.OWN, Layer.CONSOLE);

    private Launch launch;
    private final Schemas schemas;
    private final Configurations configurations;
    private final Reactions reactions;
    private final Consumer<String> say;
    private final Consumer<String> warn;
    private final OwnFiles files;
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Pid, Map<String, String>> inForce = new TreeMap<>();
    private final Map<Pid, Map<String, String>> refusals = new TreeMap<>();

    /** What the console asked for last and did not get. */
    private final Map<Pid, Map<String, String>> declined = new TreeMap<>();

    /** Values that a component did not take, with what it said: they are not tried again until they change. */
    private final Map<Pid, Map<String, Veto>> vetoes = new HashMap<>();

    private Layers layers = new Layers(Map.of(), List.of());
    private Schema schema = Schema.none();
    private volatile List<String> cautions = List.of();

    private record Veto(String text, String said) {}

    LiveSettings(
            Launch launch,
            Schemas schemas,
            Configurations configurations,
            Reactions reactions,
            Consumer<String> say,
            Consumer<String> warn) {
        this.launch = launch;
        this.schemas = schemas;
        this.configurations = configurations;
        this.reactions = reactions;
        this.say = say;
        this.warn = warn;
        this.files = new OwnFiles(launch);
    }

    /** Brings all of them to the framework; what a former run brought and this one does not goes. */
    void start() {
        lock.lock();
        try {
            Set<Pid> former = new TreeSet<>(configurations.marked());
            settle(Layers.read(launch), false);
            former.removeAll(inForce.keySet());
            former.forEach(configurations::remove);
        } finally {
            lock.unlock();
        }
    }

    /** A file or what the bundles declare may have changed. */
    void reload() {
        lock.lock();
        try {
            settle(Layers.read(launch), true);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the thread that asks is just changing a configuration here. */
    boolean changing() {
        return lock.isHeldByCurrentThread();
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
        inForce.put(pid, values);
        long then = reactions.now();
        long revision = configurations.put(pid, values);
        return wait ? reactions.refusal(pid, revision, then) : Optional.empty();
    }

    private void takeBack(
            Pid pid, Map<String, String> before, Map<String, String> wanted, String said, Map<String, String> why) {
        Map<String, String> last = before == null ? Map.of() : before;
        for (String key : differing(last, wanted)) {
            String value = wanted.getOrDefault(key, "");
            vetoes.computeIfAbsent(pid, p -> new HashMap<>()).put(key, new Veto(value, said));
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
        Check check = new Check(schema);
        for (String key : why.keySet()) {
            if (!key.isEmpty()) {
                fallback(pid, key, now, check).ifPresentOrElse(good -> values.put(key, good), () -> values.remove(key));
            }
        }
        return values;
    }

    private Optional<String> fallback(Pid pid, String key, Layers now, Check check) {
        Map<String, String> last = inForce.get(pid);
        if (last != null) {
            return Optional.ofNullable(last.get(key)).filter(value -> check.one(pid, key, value).isEmpty());
        }
        return now.stacks().get(pid).getOrDefault(key, List.of()).reversed().stream()
                .map(Value::text)
                .filter(value -> check.one(pid, key, value).isEmpty())
                .findFirst();
    }

    private void tell(Map<Pid, Map<String, String>> now) {
        now.forEach((pid, why) -> why.forEach((key, text) -> {
            if (!text.equals(refusals.getOrDefault(pid, Map.of()).get(key))) {
                warn.accept(text + " The last good value stays in force until this is mended.");
            }
        }));
    }

    /** Sets one setting. */
    Answer set(Pid pid, String key, String value) {
        return change(pid, Map.of(key, Optional.of(value)), false);
    }

    /** Lets one setting be what it is without the node's own file. */
    Answer unset(Pid pid, String key) {
        return change(pid, Map.of(key, Optional.empty()), false);
    }

    /** Sets one setting, now even where the command line set it; that is for the rest of this run only. */
    Answer overrule(Pid pid, String key, String value) {
        lock.lock();
        try {
            if (!launch.flagged(pid, key)) {
                return set(pid, key, value);
            }
            Optional<Answer> wrong = wrong(pid, Map.of(key, Optional.of(value)));
            if (wrong.isPresent()) {
                return wrong.get();
            }
            Launch next = launch.flagging(pid, key, value);
            Optional<Answer> refused = tryOut(pid, key, Layers.read(next));
            if (refused.isPresent()) {
                return refused.get();
            }
            launch = next;
            settle(Layers.read(launch), true);
            return Answer.done(pid + "." + key + " is now " + shown(pid, key)
                    + " until the node stops; the command line sets it again at the next start");
        } finally {
            lock.unlock();
        }
    }

    private Optional<Answer> wrong(Pid pid, Map<String, Optional<String>> changes) {
        schema = schemas.now();
        Optional<Answer> unknown = unknown(pid, changes.keySet());
        if (unknown.isPresent()) {
            return unknown;
        }
        Check check = new Check(schema);
        return changes.entrySet().stream()
                .flatMap(change -> change.getValue()
                        .flatMap(value -> check.one(pid, change.getKey(), launch.expanded(value)))
                        .stream())
                .map(problem -> Answer.refused(problem.text()))
                .findFirst();
    }

    private Answer change(Pid pid, Map<String, Optional<String>> changes, boolean console) {
        lock.lock();
        try {
            Optional<Answer> wrong = wrong(pid, changes);
            if (wrong.isPresent()) {
                return wrong.get();
            }
            SettingsFile file = files.open(pid, schema);
            changes.forEach((key, value) -> value.ifPresentOrElse(
                    text -> file.set(key, text), () -> file.unset(key, files.standard(pid, key, schema))));
            return apply(pid, changes, file, console);
        } catch (IOException e) {
            return Answer.failed("the file of " + pid + " cannot be changed: " + e.getMessage() + ".");
        } finally {
            lock.unlock();
        }
    }

    private Answer apply(Pid pid, Map<String, Optional<String>> changes, SettingsFile file, boolean console)
            throws IOException {
        Map<String, String> before = inForce.get(pid);
        String key = changes.keySet().stream().findFirst().orElse("");
        Optional<Answer> refused = tryOut(pid, key, Layers.read(launch, Map.of(pid, file)));
        if (refused.isPresent()) {
            return refused.get();
        }
        try {
            files.write(pid, file);
            mark(pid, changes, console);
        } catch (IOException e) {
            restore(pid, before);
            throw e;
        }
        declined.getOrDefault(pid, new TreeMap<>()).keySet().removeAll(changes.keySet());
        settle(Layers.read(launch), true);
        return Answer.done(done(pid, changes));
    }

    private void mark(Pid pid, Map<String, Optional<String>> changes, boolean console) throws IOException {
        ConsoleMarks marks = ConsoleMarks.of(launch.own().orElseThrow());
        changes.forEach((key, value) -> {
            marks.remove(pid, key);
            value.filter(text -> console).ifPresent(text -> marks.add(pid, key, text));
        });
        marks.write();
    }

    /** Brings what would be in force to the components; a refusal when they do not take it and have the former back. */
    private Optional<Answer> tryOut(Pid pid, String key, Layers changed) {
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
        return Optional.of(Answer.refused(vetoed(pid, key, wanted.getOrDefault(key, ""), said.get())));
    }

    private void restore(Pid pid, Map<String, String> before) {
        if (before == null) {
            inForce.remove(pid);
            configurations.remove(pid);
        } else {
            put(pid, before, false);
        }
    }

    private String done(Pid pid, Map<String, Optional<String>> changes) {
        List<String> parts = new ArrayList<>();
        changes.keySet().forEach(key -> {
            boolean flagged = layers.value(pid, key).filter(value -> value.layer() == Layer.FLAG).isPresent();
            String file = files.path(pid).map(Object::toString).orElse("");
            parts.add(flagged
                    ? pid + "." + key + " is set in " + file + "; the command line of this run wins over it until the"
                            + " node is started without that"
                    : pid + "." + key + " is now " + shown(pid, key) + " (" + file + ")");
        });
        return String.join("; ", parts);
    }

    private String shown(Pid pid, String key) {
        String value = Optional.ofNullable(inForce.getOrDefault(pid, Map.of()).get(key))
                .or(() -> schema.setting(pid, key).flatMap(Setting::standard))
                .orElse("");
        String text = schema.setting(pid, key).filter(Setting::secret).isPresent() ? Secret.shown(value) : value;
        return text.isEmpty() ? "empty" : text;
    }

    private Optional<Answer> unknown(Pid pid, Set<String> keys) {
        return keys.stream()
                .flatMap(key -> layers.unknown(pid, key, launch, schema).stream())
                .map(problem -> Answer.unknown(problem.text()))
                .findFirst();
    }

    /**
     * Somebody else gave a configuration these values. What is good lands in its file, what is not is taken
     * back and shown as refused; what is not among them stays as it is.
     */
    void foreign(Pid pid, Map<String, String> given) {
        lock.lock();
        try {
            declined.remove(pid);
            Map<String, String> before = inForce.getOrDefault(pid, Map.of());
            Map<String, Optional<String>> good = new TreeMap<>();
            Map<String, String> bad = new TreeMap<>();
            Check check = new Check(schemas.now());
            given.forEach((key, value) -> {
                String standard = schemas.now().setting(pid, key).flatMap(Setting::standard).orElse("");
                if (!value.equals(before.getOrDefault(key, standard))) {
                    check.one(pid, key, value).ifPresentOrElse(
                            problem -> bad.put(key, problem.text()), () -> good.put(key, landing(pid, key, value)));
                }
            });
            Answer answer =
                    good.isEmpty() && inForce.containsKey(pid) ? Answer.done("") : change(pid, good, true);
            if (answer.outcome() != Answer.Outcome.DONE) {
                good.keySet().forEach(key -> bad.put(key, answer.text()));
            } else if (!answer.text().isEmpty()) {
                say.accept("from the console: " + answer.text());
            }
            // Also where nothing changed: what the other one wrote has its own types and lacks our mark.
            if (inForce.containsKey(pid)) {
                put(pid, inForce.get(pid), false);
            }
            bad.values().stream().distinct().forEach(text -> warn.accept(text + " It was not taken from the console."));
            if (!bad.isEmpty()) {
                declined.put(pid, bad);
            }
            cautions = lookForCautions();
        } finally {
            lock.unlock();
        }
    }

    /** What is set anyway below the own file need not be in it. */
    private Optional<String> landing(Pid pid, String key, String value) {
        String below = layers.below(pid, key, Layer.SHIPPED)
                .map(Value::text)
                .or(() -> schema.setting(pid, key).flatMap(Setting::standard))
                .orElse("");
        return value.equals(below) ? Optional.empty() : Optional.of(value);
    }

    /** Somebody else took a configuration away: its own file sets nothing any more. */
    void foreignDelete(Pid pid) {
        lock.lock();
        try {
            Map<String, Optional<String>> none = new TreeMap<>();
            layers.stacks().getOrDefault(pid, Map.of()).forEach((key, stack) -> {
                if (stack.stream().anyMatch(value -> OWN.contains(value.layer()))) {
                    none.put(key, Optional.empty());
                }
            });
            if (inForce.remove(pid) == null) {
                return;
            }
            if (!launch.defaults().containsKey(pid)) {
                files.delete(pid);
                say.accept("from the console: " + pid + " is deleted");
            } else if (!none.isEmpty()) {
                say.accept("from the console: " + change(pid, none, true).text());
            }
            settle(Layers.read(launch), false);
        } catch (IOException e) {
            warn.accept("the file of " + pid + " cannot be deleted: " + e.getMessage() + "; it still counts.");
        } finally {
            lock.unlock();
        }
    }

    /** All settings, as they are now. */
    List<Shown> list() {
        lock.lock();
        try {
            schema = schemas.now();
            Map<Pid, Map<String, String>> why = new TreeMap<>();
            declined.forEach((pid, texts) -> why.put(pid, new TreeMap<>(texts)));
            refusals.forEach((pid, texts) -> why.computeIfAbsent(pid, p -> new TreeMap<>()).putAll(texts));
            return Shown.all(launch, layers, schema, inForce, why);
        } finally {
            lock.unlock();
        }
    }

    /** What is refused, what has no bundle, which secrets stand in a file. */
    List<String> cautions() {
        return cautions;
    }

    private List<String> lookForCautions() {
        Set<String> found = new TreeSet<>();
        refusals.values().forEach(why -> found.addAll(why.values()));
        declined.values().forEach(why -> found.addAll(why.values()));
        layers.stacks().forEach((pid, stack) -> {
            if (!schema.has(pid) && !launch.defaults().containsKey(pid)) {
                found.add(files.path(pid).map(Object::toString).orElse(pid.toString())
                        + " is for no bundle of this node." + Nearest.hint(pid.toString(), names())
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
