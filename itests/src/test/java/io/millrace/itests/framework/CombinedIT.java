package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.util.tracker.ServiceTracker;

/** Gateway and orchestrator in one framework. */
@ExtendWith(InFramework.class)
public class CombinedIT {

    private static final long PATIENCE_MILLIS = 60_000;

    @Configuration
    public Option[] node() throws IOException {
        return Node.options(
                "combined",
                "io.millrace.http~http.address=127.0.0.1:0",
                "io.millrace.http~service.address=127.0.0.1:0",
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.rtmp.address=127.0.0.1:0");
    }

    @Test
    public void everyBundleIsActive() {
        List<String> idle = Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE
                        && bundle.getHeaders().get("Fragment-Host") == null)
                .map(bundle -> bundle.getSymbolicName() + " state " + bundle.getState())
                .toList();
        assertEquals(List.of(), idle);
    }

    @Test
    public void thePortsOfBothRolesAreOffered() throws InterruptedException {
        for (String port : List.of(
                "io.millrace.api.gateway.StreamGate",
                "io.millrace.api.gateway.JobGate",
                "io.millrace.api.orchestrator.Orchestrator",
                "io.millrace.api.publish.ObjectStore",
                "io.millrace.api.compute.Pipeline",
                "io.millrace.api.publish.Publisher",
                "io.millrace.api.network.Links",
                "io.millrace.api.node.NodeControl")) {
            ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context(), port, null);
            tracker.open();
            assertNotNull(tracker.waitForService(PATIENCE_MILLIS), port);
            tracker.close();
        }
    }

    @Test
    public void onlyTheApiTheSettingsAndTheCodecBindingExportPackages() {
        List<String> exporting = Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith("io.millrace"))
                .filter(bundle -> bundle.getHeaders().get("Export-Package") != null)
                // The test's own company.
                .filter(bundle -> !bundle.getSymbolicName().equals("io.millrace.testkit"))
                .map(Bundle::getSymbolicName)
                .sorted()
                .toList();
        assertEquals(List.of("io.millrace.api", "io.millrace.ffmpeg-gpl", "io.millrace.settings"), exporting);
    }
}
