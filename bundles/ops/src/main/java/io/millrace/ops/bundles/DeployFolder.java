package io.millrace.ops.bundles;

import io.millrace.ops.bundles.BundleFile.NoBundle;
import io.millrace.ops.bundles.DroppedFiles.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the framework have what lies in the folders: a new file is installed and started, a changed one
 * updates its bundle, one that went takes it along. A file counts once it has stood still between two looks
 * and is a complete jar. For one thread.
 */
final class DeployFolder {

    private static final Logger log = LoggerFactory.getLogger(DeployFolder.class);

    /** Of the node's own bundles those that carry this very code, or all others. */
    static final Set<String> CORE =
            Set.of("io.millrace.api", "io.millrace.settings", "io.millrace.ops", "io.millrace.http");

    /** How the names of the framework's own begin. Like the core, they are replaced by a start of the node. */
    private static final List<String> FRAMEWORK = List.of("org.apache.felix.", "org.ops4j.pax.", "org.osgi.");

    private final DroppedFiles files;
    private final Framework framework;
    private final Optional<Path> distribution;
    private final ShippedBundles offers;
    private final Consumer<String> say;
    private final Consumer<String> warn;
    private final Map<Path, Stamp> seen = new HashMap<>();
    private final Map<Path, Stamp> done = new HashMap<>();
    private final Map<Path, Bundle> installed = new HashMap<>();
    private final Map<Path, String> refused = new TreeMap<>();
    private long changesSeen = -1;

    /** A bundle, and who was started anew because it uses its classes. */
    private record Taken(Bundle bundle, List<String> along) {}

    DeployFolder(
            List<Path> folders,
            Framework framework,
            Optional<Path> distribution,
            ShippedBundles offers,
            Consumer<String> say,
            Consumer<String> warn) {
        files = new DroppedFiles(folders, say);
        this.framework = framework;
        this.distribution = distribution;
        this.offers = offers;
        this.say = say;
        this.warn = warn;
    }

    /** From the next look on these are the folders; bundles of others are withdrawn. Any thread. */
    void watch(List<Path> now) {
        files.watch(now);
    }

    void look() {
        Map<Path, Stamp> now = files.jars();
        List<Path> gone = installed.keySet().stream().filter(file -> !now.containsKey(file)).toList();
        gone.forEach(file -> remove(file, "is gone"));
        synchronized (refused) {
            refused.keySet().removeIf(file -> !now.containsKey(file));
            if (!gone.isEmpty()) {
                // One that stood aside for what went has its turn.
                done.keySet().removeAll(refused.keySet());
            }
        }
        done.keySet().retainAll(now.keySet());
        for (Map.Entry<Path, Stamp> entry : now.entrySet()) {
            Path file = entry.getKey();
            Stamp stamp = entry.getValue();
            boolean still = stamp.equals(seen.get(file));
            if (still && !stamp.equals(done.get(file))) {
                done.put(file, stamp);
                take(file);
            }
        }
        seen.clear();
        seen.putAll(now);
        startWaiting();
    }

    List<String> refused() {
        synchronized (refused) {
            return List.copyOf(refused.values());
        }
    }

    synchronized Optional<Path> fileOf(Bundle bundle) {
        return installed.entrySet().stream()
                .filter(entry -> entry.getValue().equals(bundle))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * Replaces a bundle by a jar that came by command, and keeps the jar where it lasts: in the place of the
     * file that the bundle was dropped as, or in the first folder, where it stands in for the node's own. One
     * that does not run, where the former did, is not kept, and the former runs again.
     *
     * @return what became of it, for a person
     * @throws BundleException when the framework does not take it, or it does not run
     */
    String update(Bundle bundle, BundleFile jar, Path former) throws BundleException, IOException {
        boolean ran = runs(bundle);
        List<String> along = framework.update(bundle, jar.file());
        if (ran && !runs(bundle)) {
            startOrGoBack(bundle, jar, former);
        }
        try {
            boolean again = fileOf(bundle).isPresent();
            Path kept = keep(bundle, jar.file());
            tell(kept, new Taken(bundle, along), again);
            return with(along) + "; " + kept + " keeps it for the next start";
        } catch (IOException e) {
            log.debug("{} is not kept", jar.file(), e);
            say.accept("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                    + " replaced by command, for this run" + with(along));
            return with(along) + "; it lasts for this run only, because it cannot be kept: " + e.getMessage();
        }
    }

    /**
     * Replaces a bundle by what it came from.
     *
     * @return whom that took along, for a person
     */
    String reload(Bundle bundle, BundleFile jar) throws BundleException, IOException {
        boolean ran = runs(bundle);
        List<String> along = framework.update(bundle, jar.file());
        if (ran && !runs(bundle)) {
            framework.start(bundle);
        }
        return with(along);
    }

    private void startOrGoBack(Bundle bundle, BundleFile jar, Path former) throws BundleException, IOException {
        try {
            framework.start(bundle);
        } catch (BundleException e) {
            List<String> missing = new MissingRequirements(framework.providers(), offers).of(bundle);
            String reason = jar.version() + " does not run: "
                    + (missing.isEmpty() ? Framework.said(e) : "it lacks " + String.join("; ", missing));
            if (!Files.isReadable(former)) {
                throw new BundleException(reason + "; and " + former + ", to go back to, cannot be read");
            }
            framework.update(bundle, former);
            framework.start(bundle);
            throw new BundleException(reason + "; " + bundle.getVersion() + " of " + former + " runs again");
        }
    }

    private static boolean runs(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    private Path keep(Bundle bundle, Path jar) throws IOException {
        Path place = files.keep(jar, fileOf(bundle), bundle.getSymbolicName());
        synchronized (this) {
            installed.put(place, bundle);
        }
        Stamp.of(place).ifPresent(stamp -> {
            done.put(place, stamp);
            seen.put(place, stamp);
        });
        return place;
    }

    private void take(Path file) {
        try {
            BundleFile jar = BundleFile.read(file);
            Bundle before = installed.get(file);
            if (before != null && !before.getSymbolicName().equals(jar.name())) {
                // What is refused takes nothing away.
                check(jar);
                remove(file, "holds another bundle now");
                before = null;
            }
            Taken taken = before != null ? new Taken(before, framework.update(before, file)) : added(jar);
            synchronized (this) {
                installed.put(file, taken.bundle);
            }
            synchronized (refused) {
                refused.remove(file);
            }
            start(file, taken, before != null);
        } catch (NoBundle e) {
            refuse(file, e.getMessage());
        } catch (BundleException e) {
            refuse(file, "cannot be installed: " + Framework.said(e));
        } catch (IOException e) {
            refuse(file, "cannot be read: " + e.getMessage());
        }
    }

    /** What one lacks that does not start is told by who looks at all bundles; others are not held up by it. */
    private void start(Path file, Taken taken, boolean again) {
        try {
            framework.start(taken.bundle);
            tell(file, taken, again);
        } catch (BundleException e) {
            log.debug("{} does not start", file, e);
        }
    }

    private void check(BundleFile jar) throws NoBundle {
        if (CORE.contains(jar.name()) || FRAMEWORK.stream().anyMatch(jar.name()::startsWith)) {
            throw new NoBundle("is " + jar.name() + ", which a running node cannot do without: put it into "
                    + distribution.map(Path::toString).orElse("bundles/") + " and start the node again");
        }
        for (Map.Entry<Path, Bundle> other : installed.entrySet()) {
            Bundle bundle = other.getValue();
            if (bundle.getSymbolicName().equals(jar.name()) && bundle.getVersion().equals(jar.version())) {
                throw new NoBundle("is " + jar.name() + " " + jar.version() + ", as is " + other.getKey()
                        + ": remove one of them, or give it another version");
            }
            if (bundle.getSymbolicName().equals(jar.name()) && isOwn(bundle)) {
                throw new NoBundle("is " + jar.name() + " " + jar.version() + ", and " + other.getKey()
                        + " stands in for the node's own already: remove that one, or overwrite it");
            }
        }
    }

    private Taken added(BundleFile jar) throws NoBundle, BundleException, IOException {
        check(jar);
        Optional<Bundle> own = framework.bundles().stream()
                .filter(bundle -> jar.name().equals(bundle.getSymbolicName()) && !installed.containsValue(bundle))
                .findFirst();
        if (own.isPresent()) {
            return new Taken(own.get(), framework.update(own.get(), jar.file()));
        }
        return new Taken(framework.install(jar.file()), List.of());
    }

    private void tell(Path file, Taken taken, boolean again) {
        Bundle bundle = taken.bundle;
        say.accept("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                + (again ? " replaced from " : isOwn(bundle) ? " put in place of the node's own from " : " started from ")
                + file + with(taken.along));
    }

    private static String with(List<String> along) {
        return along.isEmpty() ? "" : "; started anew with it: " + String.join(", ", along);
    }

    boolean isOwn(Bundle bundle) {
        return !bundle.getLocation().startsWith("deploy:");
    }

    private void refuse(Path file, String reason) {
        String line = file + " " + reason + (installed.containsKey(file) ? "; the bundle of before goes on" : "");
        synchronized (refused) {
            if (line.equals(refused.put(file, line))) {
                return;
            }
        }
        warn.accept(line);
    }

    private void remove(Path file, String why) {
        Bundle bundle;
        synchronized (this) {
            bundle = installed.remove(file);
        }
        try {
            Optional<BundleFile> own = isOwn(bundle) ? offers.named(bundle.getSymbolicName()) : Optional.empty();
            if (own.isPresent()) {
                List<String> along = framework.update(bundle, own.get().file());
                framework.start(bundle);
                say.accept("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                        + " is the node's own again: " + file + " " + why + with(along));
            } else {
                List<String> along = framework.uninstall(bundle);
                say.accept("bundle " + bundle.getSymbolicName() + " withdrawn: " + file + " " + why + with(along));
            }
        } catch (BundleException | IOException e) {
            warn.accept("bundle " + bundle.getSymbolicName() + " cannot be taken away, though " + file + " " + why + ": "
                    + e.getMessage());
        }
    }

    private void startWaiting() {
        if (changesSeen == framework.changes()) {
            return;
        }
        for (Map.Entry<Path, Bundle> entry : List.copyOf(installed.entrySet())) {
            Bundle bundle = entry.getValue();
            if (bundle.getState() == Bundle.INSTALLED && framework.failure(bundle).isPresent()) {
                start(entry.getKey(), new Taken(bundle, List.of()), false);
            }
        }
        changesSeen = framework.changes();
    }
}
