package io.millrace.ops.bundles;

import io.millrace.ops.Poller;
import io.millrace.ops.status.NodeChecks;
import io.millrace.settings.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

/** Checks the deploy folders and the state of all bundles every {@link Poller#PERIOD}. */
@Component(
        service = {BundlesComponent.class, NodeChecks.class},
        immediate = true,
        configurationPid = DeploySettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DeploySettings.class)
public final class BundlesComponent implements NodeChecks {

    private static final Logger console = LoggerFactory.getLogger("millrace");
    private static final String NODE = "node";
    /** A bundle that is gone at one look is being replaced, so only what lasts is reported. */
    private static final int LOOKS_BEFORE_TOLD = 4;
    private static final int LOOKS_AT_COMPONENTS = 4;

    private final Framework framework;
    private final Components components;
    private final ShippedBundles offers;
    private final DeployFolder folder;
    private final Poller.Task polling;
    private final Map<String, Integer> looked = new TreeMap<>();
    private final Set<String> told = new HashSet<>();
    private long changesSeen = -1;
    private int looks;
    private volatile List<BundleState> states = List.of();
    private volatile List<String> obstacles = List.of();

    @Activate
    public BundlesComponent(
            DeploySettings settings,
            @Reference Poller poller,
            @Reference Framework framework,
            @Reference ServiceComponentRuntime runtime) {
        this.framework = framework;
        Optional<Path> distribution =
                settings.distribution().isBlank() ? Optional.empty() : Optional.of(Path.of(settings.distribution()));
        offers = new ShippedBundles(distribution.orElse(Path.of("bundles")));
        components = new Components(runtime, offers);
        folder = new DeployFolder(folders(settings), framework, distribution, offers, console::info, console::warn);
        polling = poller.start("the bundles", this::look);
    }

    private static List<Path> folders(DeploySettings settings) {
        return Setting.listed(settings.folders()).stream()
                .map(line -> Path.of(line).toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    @Modified
    void modified(DeploySettings settings) {
        folder.watch(folders(settings));
    }

    @Deactivate
    void stop() {
        polling.close();
    }

    private void look() {
        // A bundle that the framework starts on its way up fails without a caller, and in its own words.
        if (framework.isUp()) {
            folder.look();
        }
        examine();
        tell();
    }

    /** When a bundle changed; and now and then, because components fail without a change of any bundle. */
    private void examine() {
        long changes = framework.changes();
        if (changes != changesSeen || ++looks % LOOKS_AT_COMPONENTS == 0) {
            changesSeen = changes;
            MissingRequirements missing = new MissingRequirements(framework.providers(), offers);
            states = framework.bundles().stream()
                    .map(bundle -> state(bundle, missing))
                    .sorted(Comparator.comparing((BundleState state) -> !state.origin().equals(NODE))
                            .thenComparing(BundleState::name)
                            .thenComparing(BundleState::id))
                    .toList();
        }
    }

    private BundleState state(Bundle bundle, MissingRequirements missing) {
        Optional<Path> dropped = folder.fileOf(bundle);
        boolean own = folder.isOwn(bundle);
        return new BundleState(
                bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                word(bundle.getState()),
                problems(bundle, missing, dropped.isPresent()),
                bundle.getBundleId(),
                dropped.isEmpty() ? NODE : own ? "deploy, in place of the node's own" : "deploy",
                dropped.map(Path::toString).orElse(bundle.getLocation().replaceFirst("^reference:file:/*", "/")),
                Instant.ofEpochMilli(bundle.getLastModified()));
    }

    private List<String> problems(Bundle bundle, MissingRequirements missing, boolean dropped) {
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
        Set<String> now = states.stream()
                .filter(state -> !state.missing().isEmpty())
                .map(BundlesComponent::problem)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        looked.keySet().retainAll(now);
        told.retainAll(now);
        for (String problem : now) {
            if (looked.merge(problem, 1, Integer::sum) >= LOOKS_BEFORE_TOLD && told.add(problem)) {
                console.warn("{}", problem);
            }
        }
        obstacles = states.stream()
                .filter(BundlesComponent::isNeeded)
                .map(BundlesComponent::problem)
                .filter(told::contains)
                .toList();
    }

    private static String problem(BundleState state) {
        return "bundle " + state.name() + " " + state.version() + " is " + state.state() + ": "
                + String.join("; ", state.missing());
    }

    /** One of the node's own that does not run. What a component of it is needed for, others look after. */
    private static boolean isNeeded(BundleState state) {
        return state.origin().equals(NODE)
                && state.name().startsWith("io.millrace.")
                && !state.state().equals("ACTIVE")
                && !state.missing().isEmpty();
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

    /** Each bundle, ours first, then the dropped ones, by name. */
    List<BundleState> all() {
        return states;
    }

    public Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        states.forEach(state -> counts.merge(state.state(), 1, Integer::sum));
        return counts;
    }

    @Override
    public List<String> cautions() {
        List<String> graver = obstacles;
        return Stream.concat(
                        states.stream()
                                .filter(state -> !state.missing().isEmpty())
                                .map(BundlesComponent::problem)
                                .filter(problem -> !graver.contains(problem)),
                        folder.refused().stream())
                .toList();
    }

    @Override
    public List<String> obstacles() {
        return obstacles;
    }

    /** Those of this name; {@code name:version} means one of several. */
    List<Bundle> named(String name) {
        return framework.bundles().stream()
                .filter(bundle -> name.equals(bundle.getSymbolicName())
                        || name.equals(bundle.getSymbolicName() + ":" + bundle.getVersion()))
                .toList();
    }

    void start(Bundle bundle) throws BundleException, IOException {
        change(() -> {
            framework.start(bundle);
            console.info("bundle {} {} started by command", bundle.getSymbolicName(), bundle.getVersion());
            return "";
        });
    }

    void stop(Bundle bundle) throws BundleException, IOException {
        change(() -> {
            framework.stop(bundle);
            console.info("bundle {} {} stopped by command", bundle.getSymbolicName(), bundle.getVersion());
            return "";
        });
    }

    /** Reads again what a bundle came from; whom that took along, the end of a sentence. */
    String reload(Bundle bundle, BundleFile jar) throws BundleException, IOException {
        return change(() -> folder.reload(bundle, jar));
    }

    /** Replaces a bundle by a jar that lasts; what became of it, the end of a sentence. */
    String update(Bundle bundle, BundleFile jar, Path former) throws BundleException, IOException {
        return change(() -> folder.update(bundle, jar, former));
    }

    private String change(Change change) throws BundleException, IOException {
        try {
            return polling.exclusively(change::make);
        } catch (BundleException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface Change {

        String make() throws BundleException, IOException;
    }
}
