package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FeatureTest {

    /** The project itself holds features/ and config/ as the distribution does. */
    private static final DistributionFolder PROJECT = new DistributionFolder(Path.of("..").toAbsolutePath().normalize());

    @Test
    void aGatewayHasNoCodecAndNoServicePort() {
        Feature gateway = Feature.read(PROJECT, "gateway");
        assertTrue(gateway.bundles().containsKey("io.millrace.media"));
        assertFalse(gateway.bundles().keySet().stream().anyMatch(name -> name.contains("ffmpeg")));
        assertFalse(gateway.configurations().containsKey("io.millrace.http~service"));
    }

    @Test
    void whatARoleSaysCountsOverWhatItIncludes() {
        Feature combined = Feature.read(PROJECT, "combined");
        assertEquals(
                "loopback:", combined.configurations().get("io.millrace.kernel.gateway").get("orchestrators"));
        assertTrue(combined.configurations().containsKey("io.millrace.kernel.orchestrator"));
    }

    @Test
    void theKernelStopsBeforeWhatItUses() {
        Feature combined = Feature.read(PROJECT, "combined");
        int kernel = combined.bundles().get("io.millrace.kernel");
        for (String used : new String[] {"io.millrace.livepeer", "io.millrace.media", "io.millrace.ffmpeg"}) {
            assertTrue(combined.bundles().get(used) < kernel, used);
        }
    }

    @Test
    void anUnknownRoleIsNamedWithTheNearest() {
        Refused refused = assertThrows(Refused.class, () -> Feature.read(PROJECT, "gatway"));
        assertTrue(refused.getMessage().contains("Did you mean gateway?"), refused.getMessage());
    }
}
