package io.millrace.ops.bundles;

import io.millrace.ops.bundles.BundleFile.NoBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    /** Bundles that carry this very code, or all others: they are replaced by a start of the node. */
    private static final List<String> FIXED = List.of(
            "io.millrace.api", "io.millrace.settings", "io.millrace.ops", "io.millrace.http", "org.apache.felix.",
            "org.ops4j.pax.", "org.osgi.");

    private volatile List<Path> folders;
    private final Framework framework;
    private final Optional<Path> distribution;
    private final Offers offers;
    private final Consumer<String> say;
    private final Consumer<String> warn;
    private final Map<Path, Stamp> seen = new HashMap<>();
    private final Map<Path, Stamp> done = new HashMap<>();
    private final Map<Path, Bundle> installed = new HashMap<>();
    private final Map<Path, String> refused = new TreeMap<>();
    private long changesSeen = -1;

    private record Stamp(long size, long modified) {}

    DeployFolder(
            List<Path> folders,
            Framework framework,
            Optional<Path> distribution,
            Offers offers,
            Consumer<String> say,
            Consumer<String> warn) {
        this.folders = folders;
        this.framework = framework;
        this.distribution = distribution;
        this.offers = offers;
        this.say = say;
        this.warn = warn;
    }

    /** From the next look on these are the folders; bundles of others are withdrawn. Any thread. */
    void watch(List<Path> now) {
        folders = now;
    }

    /** Looks, and does what follows from it. */
    void look() {
        Map<Path, Stamp> now = files();
        List<Path> gone = installed.keySet().stream().filter(file -> !now.containsKey(file)).toList();
        gone.forEach(file -> remove(file, "is gone"));
        synchronized (refused) {
            refused.keySet().removeIf(file -> !now.containsKey(file));
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

    /** Files that are no bundles, with the reason. */
    List<String> refused() {
        synchronized (refused) {
            return List.copyOf(refused.values());
        }
    }

    /** The file that a bundle was dropped as. */
    synchronized Optional<Path> fileOf(Bundle bundle) {
        return installed.entrySet().stream()
                .filter(entry -> entry.getValue().equals(bundle))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Map<Path, Stamp> files() {
        Map<Path, Stamp> files = new TreeMap<>();
        for (Path folder : folders) {
            try (Stream<Path> jars = Files.list(folder)) {
                for (Path jar : jars.filter(path -> path.toString().endsWith(".jar")).toList()) {
                    stamp(jar).ifPresent(stamp -> files.put(jar, stamp));
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                // A folder that is not there has no files.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** Empty for one that went since the folder was listed: it must not take the others along. */
    private static Optional<Stamp> stamp(Path jar) throws IOException {
        try {
            return Optional.of(new Stamp(Files.size(jar), Files.getLastModifiedTime(jar).toMillis()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void take(Path file) {
        try {
            BundleFile jar = BundleFile.read(file);
            Bundle before = installed.get(file);
            if (before != null && !before.getSymbolicName().equals(jar.name())) {
                remove(file, "holds another bundle now");
                before = null;
            }
            Bundle bundle = before != null ? updated(before, file) : added(jar);
            synchronized (this) {
                installed.put(file, bundle);
            }
            synchronized (refused) {
                refused.remove(file);
            }
            start(file, bundle, before != null);
        } catch (NoBundle e) {
            refuse(file, e.getMessage());
        } catch (BundleException e) {
            refuse(file, "cannot be installed: " + Framework.said(e));
        } catch (IOException e) {
            refuse(file, "cannot be read: " + e.getMessage());
        }
    }

    /** What one lacks that does not start is told by who looks at all bundles; others are not held up by it. */
    private void start(Path file, Bundle bundle, boolean again) {
        try {
            framework.start(bundle);
            tell(file, bundle, again);
        } catch (BundleException e) {
            log.debug("{} does not start", file, e);
        }
    }

    private Bundle updated(Bundle bundle, Path file) throws BundleException, IOException {
        framework.update(bundle, file);
        return bundle;
    }

    private Bundle added(BundleFile jar) throws NoBundle, BundleException, IOException {
        if (FIXED.stream().anyMatch(name -> jar.name().equals(name) || name.endsWith(".") && jar.name().startsWith(name))) {
            throw new NoBundle("is " + jar.name() + ", which a running node cannot do without: put it into "
                    + distribution.map(Path::toString).orElse("bundles/") + " and start the node again");
        }
        for (Map.Entry<Path, Bundle> other : installed.entrySet()) {
            Bundle bundle = other.getValue();
            if (bundle.getSymbolicName().equals(jar.name()) && bundle.getVersion().equals(jar.version())) {
                throw new NoBundle("is " + jar.name() + " " + jar.version() + ", as is " + other.getKey()
                        + ": remove one of them, or give it another version");
            }
        }
        Optional<Bundle> own = framework.bundles().stream()
                .filter(bundle -> jar.name().equals(bundle.getSymbolicName()) && !installed.containsValue(bundle))
                .findFirst();
        if (own.isPresent()) {
            framework.update(own.get(), jar.file());
            return own.get();
        }
        return framework.install(jar.file());
    }

    private void tell(Path file, Bundle bundle, boolean again) {
        say.accept("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                + (again ? " replaced from " : isOwn(bundle) ? " put in place of the node's own from " : " started from ")
                + file);
    }

    /** Whether the node came with a bundle of this name. */
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
                framework.update(bundle, own.get().file());
                framework.start(bundle);
                say.accept("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                        + " is the node's own again: " + file + " " + why);
            } else {
                framework.uninstall(bundle);
                say.accept("bundle " + bundle.getSymbolicName() + " withdrawn: " + file + " " + why);
            }
        } catch (BundleException | IOException e) {
            warn.accept("bundle " + bundle.getSymbolicName() + " cannot be taken away, though " + file + " " + why + ": "
                    + e.getMessage());
        }
    }

    /** One that lacked something may have it now. */
    private void startWaiting() {
        if (changesSeen == framework.changes()) {
            return;
        }
        for (Map.Entry<Path, Bundle> entry : List.copyOf(installed.entrySet())) {
            Bundle bundle = entry.getValue();
            if (bundle.getState() == Bundle.INSTALLED && framework.failure(bundle).isPresent()) {
                start(entry.getKey(), bundle, false);
            }
        }
        changesSeen = framework.changes();
    }
}
