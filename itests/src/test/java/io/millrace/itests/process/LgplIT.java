package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.SampleSegments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The archive that may be passed on without the GPL's terms. */
@Tag("ffmpeg")
class LgplIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void aNodeWithoutX264TranscodesWithOpenH264() {
        assertFalse(Files.exists(Distribution.LGPL.directory().resolve("bundles/io.millrace.ffmpeg-gpl.jar")));
        try (NodeProcess node = NodeProcess.run(
                        Distribution.LGPL, folder.resolve("node"), "combined", NodePair.PROFILES)
                .awaitReady()) {
            Pusher pusher = new Pusher(node.address("http"));
            List<Pusher.Part> parts = Pusher.parts(pusher.send(
                    pusher.request("lgpl/0.ts", SampleSegments.data(0).toArray())));
            assertEquals(2, parts.size());
            parts.forEach(part -> assertEquals(60, Ffmpeg.decode(part.data()).frames(), part.rendition()));
            assertTrue(node.log().contains("libopenh264"), node.log());
        }
    }
}
