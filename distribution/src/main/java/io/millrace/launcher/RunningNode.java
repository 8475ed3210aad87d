package io.millrace.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/** The framework of this process with the bundles of a role in it. */
final class RunningNode {

    /** The service that finishes the work in hand before a stop, within a limit of its own. */
    private static final String DRAIN = "(&(objectClass=java.lang.Runnable)(millrace.stop=drain))";

    /** Property of the service that ends this process once the node has been drained. */
    private static final Map<String, String> END = Map.of("millrace.stop", "process");

    private static final long STOP_SECONDS = 20;

    private final Framework framework;

    private RunningNode(Framework framework) {
        this.framework = framework;
    }

    /** Starts all bundles; settings are in place before those that need them. */
    static RunningNode start(DistributionFolder home, DataFolder data, Feature feature, Path launch) throws BundleException {
        System.setProperty("millrace.launch", launch.toString());
        System.setProperty("millrace.logs", data.logs().toString());
        int highest = feature.bundles().values().stream().mapToInt(Integer::intValue).max().orElse(1);
        Map<String, String> properties = new TreeMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, data.directory().resolve("cache").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(highest));
        // Settings are in files of their own (docs/decisions/0002): a second store could only be full or be wrong.
        properties.put("felix.cm.pm", "memory");
        properties.put("felix.log.level", "1");
        // At a debug level SCR would write pages about each component into that component's own log.
        properties.put("ds.loglevel", "warn");
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
        // The console opens to our own provider of security only, never to a password of its own.
        properties.put("felix.webconsole.security.providers", "millrace");
        properties.put("felix.webconsole.username", "");
        properties.put("felix.webconsole.password", "none");
        properties.put("felix.webconsole.category", "Millrace");
        Framework framework = new FrameworkFactory().newFramework(properties);
        framework.init();
        BundleContext context = framework.getBundleContext();
        Runnable end = () -> Thread.ofPlatform().name("end").start(() -> System.exit(0));
        context.registerService(Runnable.class, end, FrameworkUtil.asDictionary(END));
        List<Bundle> bundles = new ArrayList<>();
        for (Map.Entry<String, Integer> entry : feature.bundles().entrySet()) {
            // By reference: nothing is copied at each start.
            Bundle bundle = context.installBundle("reference:" + home.bundle(entry.getKey()).toUri());
            bundle.adapt(BundleStartLevel.class).setStartLevel(entry.getValue());
            bundles.add(bundle);
        }
        for (Bundle bundle : bundles) {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
        framework.start();
        return new RunningNode(framework);
    }

    /** Waits until the framework has stopped. */
    void await() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Finishes what is in hand within the limit, then stops everything in reverse order. */
    void stop() {
        try {
            BundleContext context = framework.getBundleContext();
            ServiceReference<?>[] drains = context.getAllServiceReferences(null, DRAIN);
            if (drains != null) {
                for (ServiceReference<?> drain : drains) {
                    ((Runnable) context.getService(drain)).run();
                }
            }
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BundleException | InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
