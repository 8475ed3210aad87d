package io.millrace.ops.bundles;

import io.millrace.ops.status.Cautions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the deploy folders and the state of all bundles: looks every {@link #PERIOD}. */
@Component(
        service = {BundlesComponent.class, BundleStates.class, Cautions.class},
        immediate = true,
        configurationPid = DeploySettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DeploySettings.class)
public final class BundlesComponent implements BundleStates, Cautions {

    static final Duration PERIOD = Duration.ofMillis(500);

    private static final Logger console = LoggerFactory.getLogger("millrace");
    private static final Logger log = LoggerFactory.getLogger(BundlesComponent.class);
    private static final Duration STOP = Duration.ofSeconds(5);
    /** What is gone for one look is being replaced: only what lasts is told. */
    private static final int LOOKS_BEFORE_TOLD = 4;

    private final Framework framework;
    private final Components components;
    private final Offers offers;
    private final DeployFolder folder;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("millrace-bundles").factory());
    private final Map<String, Integer> looked = new TreeMap<>();
    private final Set<String> told = new HashSet<>();
    private volatile List<BundleState> states = List.of();

    /** Begins to look. */
    @Activate
    public BundlesComponent(
            DeploySettings settings, @Reference Framework framework, @Reference ServiceComponentRuntime runtime) {
        this.framework = framework;
        components = new Components(runtime);
        Optional<Path> distribution =
                settings.distribution().isBlank() ? Optional.empty() : Optional.of(Path.of(settings.distribution()));
        offers = new Offers(distribution.orElse(Path.of("bundles")));
        folder = new DeployFolder(folders(settings), framework, distribution, offers, console::info, console::warn);
        watch.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static List<Path> folders(DeploySettings settings) {
        return Arrays.stream(settings.folders())
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(line -> Path.of(line).toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    /** Other folders; the distribution stays what it was. */
    @Modified
    void modified(DeploySettings settings) {
        folder.watch(folders(settings));
    }

    @Deactivate
    void stop() throws InterruptedException {
        watch.shutdown();
        watch.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One look that fails must not be the last one. */
    private void look() {
        try {
            folder.look();
            Missing missing = new Missing(framework.providers(), offers);
            states = framework.bundles().stream()
                    .map(bundle -> state(bundle, missing))
                    .sorted(Comparator.comparing((BundleState state) -> !state.origin().equals("node"))
                            .thenComparing(BundleState::name)
                            .thenComparing(BundleState::id))
                    .toList();
            tell();
        } catch (RuntimeException e) {
            log.error("could not look at the bundles; the next look is in {} ms", PERIOD.toMillis(), e);
        }
    }

    private BundleState state(Bundle bundle, Missing missing) {
        Optional<Path> dropped = folder.fileOf(bundle);
        boolean own = folder.isOwn(bundle);
        return new BundleState(
                bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                word(bundle.getState()),
                problems(bundle, missing, dropped.isPresent()),
                bundle.getBundleId(),
                dropped.isEmpty() ? "node" : own ? "deploy, in place of the node's own" : "deploy",
                dropped.map(Path::toString).orElse(bundle.getLocation().replaceFirst("^reference:file:/*", "/")),
                Instant.ofEpochMilli(bundle.getLastModified()));
    }

    private List<String> problems(Bundle bundle, Missing missing, boolean dropped) {
        if (bundle.getState() == Bundle.ACTIVE) {
            return components.problems(bundle, dropped);
        }
        List<String> lines = new ArrayList<>();
        if (bundle.getState() == Bundle.INSTALLED) {
            lines.addAll(missing.of(bundle));
        }
        if (lines.isEmpty()) {
            framework.failure(bundle).ifPresent(lines::add);
        }
        return List.copyOf(lines);
    }

    /** Each problem that lasts is told once, and once more when it came back after it was gone. */
    private void tell() {
        Set<String> now = new HashSet<>(problems());
        looked.keySet().retainAll(now);
        told.retainAll(now);
        for (String problem : now) {
            if (looked.merge(problem, 1, Integer::sum) >= LOOKS_BEFORE_TOLD && told.add(problem)) {
                console.warn("{}", problem);
            }
        }
    }

    private List<String> problems() {
        return states.stream()
                .filter(state -> !state.missing().isEmpty())
                .map(state -> "bundle " + state.name() + " " + state.version() + " is " + state.state() + ": "
                        + String.join("; ", state.missing()))
                .toList();
    }

    private static String word(int state) {
        return switch (state) {
            case Bundle.INSTALLED -> "INSTALLED";
            case Bundle.RESOLVED -> "RESOLVED";
            case Bundle.STARTING -> "STARTING";
            case Bundle.ACTIVE -> "ACTIVE";
            case Bundle.STOPPING -> "STOPPING";
            default -> "UNINSTALLED";
        };
    }

    @Override
    public List<BundleState> all() {
        return states;
    }

    @Override
    public Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        states.forEach(state -> counts.merge(state.state(), 1, Integer::sum));
        return counts;
    }

    @Override
    public List<String> refusedFiles() {
        return folder.refused();
    }

    @Override
    public List<String> cautions() {
        return Stream.concat(problems().stream(), refusedFiles().stream()).toList();
    }

    /** Those of this name; {@code name:version} means one of several. */
    List<Bundle> named(String name) {
        return framework.bundles().stream()
                .filter(bundle -> name.equals(bundle.getSymbolicName())
                        || name.equals(bundle.getSymbolicName() + ":" + bundle.getVersion()))
                .toList();
    }

    /** Starts, stops or updates on the thread that looks, so that neither is in the other's way. */
    void change(Change change) throws BundleException, IOException {
        try {
            watch.submit(() -> {
                        change.make(framework);
                        look();
                        return null;
                    })
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the node stops");
        } catch (java.util.concurrent.ExecutionException e) {
            switch (e.getCause()) {
                case BundleException bundle -> throw bundle;
                case IOException io -> throw io;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Something done to a bundle. */
    @FunctionalInterface
    interface Change {

        /** Does it. */
        void make(Framework framework) throws BundleException, IOException;
    }
}
