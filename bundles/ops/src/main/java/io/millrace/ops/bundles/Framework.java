package io.millrace.ops.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles of the running framework, and what can be done to them. The only class that knows it. */
@Component(service = Framework.class)
public final class Framework {

    private static final Logger log = LoggerFactory.getLogger(Framework.class);
    private static final Duration REFRESH = Duration.ofSeconds(30);

    private final BundleContext context;
    private final Map<Long, String> failures = new ConcurrentHashMap<>();
    private final SynchronousBundleListener listener = this::changed;
    private final FrameworkListener errors = this::failed;
    private final AtomicLong changes = new AtomicLong();

    @Activate
    public Framework(BundleContext context) {
        this.context = context;
        context.addBundleListener(listener);
        context.addFrameworkListener(errors);
        // Of those that come later. A level that is set after a bundle came is set by a thread of the framework, which
        // then starts the bundle once more, and says in its own words why it cannot.
        system().adapt(FrameworkStartLevel.class).setInitialBundleStartLevel(highestLevel());
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(listener);
        context.removeFrameworkListener(errors);
    }

    private void changed(BundleEvent event) {
        changes.incrementAndGet();
        if (event.getType() == BundleEvent.STARTED || event.getType() == BundleEvent.UNINSTALLED) {
            failures.remove(event.getBundle().getBundleId());
        }
    }

    /** Those that the framework starts by itself, at a start level or after an update, fail without a caller. */
    private void failed(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR && event.getThrowable() instanceof BundleException e) {
            failed(event.getBundle(), e);
        }
    }

    private void failed(Bundle bundle, BundleException e) {
        failures.put(bundle.getBundleId(), said(e));
        changes.incrementAndGet();
    }

    /** A number that grows with each change of any bundle. */
    long changes() {
        return changes.get();
    }

    /** All bundles but the framework itself, in the order they came. */
    List<Bundle> bundles() {
        return Arrays.stream(context.getBundles()).filter(bundle -> !isFramework(bundle)).toList();
    }

    /** All bundles, the framework too: it has the packages of the JDK. */
    List<Bundle> providers() {
        return List.of(context.getBundles());
    }

    private static boolean isFramework(Bundle bundle) {
        return bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID;
    }

    static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /** Why its last start failed, in the words of the framework or of the bundle. */
    Optional<String> failure(Bundle bundle) {
        return Optional.ofNullable(failures.get(bundle.getBundleId()));
    }

    private int highestLevel() {
        String level = context.getProperty(Constants.FRAMEWORK_BEGINNING_STARTLEVEL);
        return level == null ? 1 : Integer.parseInt(level);
    }

    boolean isUp() {
        return system().adapt(FrameworkStartLevel.class).getStartLevel() >= highestLevel();
    }

    private Bundle system() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    }

    Bundle install(Path file) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return context.installBundle("deploy:" + file, in);
        }
    }

    /**
     * Replaces a bundle by a file; if it ran, it runs again, the new one. Whether that one starts is seen by its
     * state; a file that the framework refuses leaves the former running.
     *
     * @return the others that were started anew with it, because they use its classes
     */
    List<String> update(Bundle bundle, Path file) throws BundleException, IOException {
        BundleRevision before = bundle.adapt(BundleRevision.class);
        try (InputStream in = Files.newInputStream(file)) {
            bundle.update(in);
        } catch (BundleException e) {
            if (bundle.adapt(BundleRevision.class) == before) {
                throw e;
            }
            // It is the new one, and that one does not start.
            failed(bundle, e);
        }
        return refresh(bundle);
    }

    void start(Bundle bundle) throws BundleException {
        if (isFragment(bundle)) {
            return;
        }
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            failed(bundle, e);
            throw e;
        }
    }

    void stop(Bundle bundle) throws BundleException {
        bundle.stop();
    }

    /** Takes a bundle away; the others that were started anew, because they used its classes. */
    List<String> uninstall(Bundle bundle) throws BundleException {
        bundle.uninstall();
        return refresh(bundle);
    }

    /** Bundles that use the classes of one that went, or was replaced, get those of its successor. */
    private List<String> refresh(Bundle cause) {
        FrameworkWiring wiring = system().adapt(FrameworkWiring.class);
        List<String> along = wiring.getDependencyClosure(wiring.getRemovalPendingBundles()).stream()
                .filter(bundle -> !bundle.equals(cause) && bundle.getState() == Bundle.ACTIVE)
                .map(Bundle::getSymbolicName)
                .sorted()
                .toList();
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(null, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        try {
            if (!done.await(REFRESH.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("the bundles that use a replaced one were not rewired within {} s; it goes on in the"
                        + " background", REFRESH.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return along;
    }

    /** The first line of what went wrong, with the cause's own words where the framework only wraps it. */
    static String said(BundleException e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String text = cause == e ? e.getMessage() : cause.toString();
        return text.lines().findFirst().orElse(e.toString());
    }
}
