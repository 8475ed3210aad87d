package io.millrace.itests.framework;

import java.io.InputStream;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** A bundle that is replaced in place, as {@code deploy/} and the console do it; its class loaders are watched. */
final class ReplacedBundle {

    private static final long PATIENCE_SECONDS = 60;
    private static final int COLLECTIONS = 100;

    private final BundleContext context;
    private final Bundle bundle;
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final Set<PhantomReference<ClassLoader>> old = new HashSet<>();
    private final List<Long> tookMillis = new ArrayList<>();

    ReplacedBundle(BundleContext context, String name) {
        this.context = context;
        bundle = named(context, name);
    }

    static Bundle named(BundleContext context, String name) {
        return Arrays.stream(context.getBundles())
                .filter(candidate -> candidate.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no bundle " + name));
    }

    /** The same content again, with all its classes anew. */
    void update() throws Exception {
        try (InputStream content = URI.create(bundle.getLocation()).toURL().openStream()) {
            update(content);
        }
    }

    void update(InputStream content) throws Exception {
        old.add(new PhantomReference<>(bundle.adapt(BundleWiring.class).getClassLoader(), collected));
        long begin = System.nanoTime();
        bundle.stop(Bundle.STOP_TRANSIENT);
        bundle.update(content);
        refresh();
        bundle.start();
        tookMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    private void refresh() throws BundleException, InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(0)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> refreshed.countDown());
        if (!refreshed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(bundle + " was not refreshed");
        }
    }

    /** How long each took. */
    List<Long> tookMillis() {
        return tookMillis;
    }

    /**
     * Forgets those that were replaced so far. A thread of the very first version may have loaded a class of another
     * bundle at the same moment as another thread, which Felix 7.0.5 then remembers for good with all that it holds.
     */
    void countFromHere() throws InterruptedException {
        loadersLeft();
        old.clear();
    }

    /** Class loaders of earlier versions that something still holds. */
    int loadersLeft() throws InterruptedException {
        for (int round = 0; round < COLLECTIONS && !old.isEmpty(); round++) {
            System.gc();
            Object gone = collected.remove(TimeUnit.SECONDS.toMillis(1) / 4);
            while (gone != null) {
                old.remove(gone);
                gone = collected.poll();
            }
        }
        return old.size();
    }
}
