package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user types, what it prints and how it ends. */
@Tag("long")
class CommandsIT {

    private static final Distribution MILLRACE = Distribution.GPL;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess node;

    @BeforeAll
    static void startNode() {
        node = NodeProcess.run(MILLRACE, folder.resolve("running"), "orchestrator").awaitReady();
    }

    @AfterAll
    static void stopNode() {
        if (node != null) {
            node.close();
        }
    }

    private static JsonObject status(Path data) {
        Finished status = MILLRACE.run("status", "--json", "--data", data.toString());
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(status.said()))) {
            return reader.readObject();
        }
    }

    @Test
    void aNodeIsStartedAskedAndStoppedByItsDataFolderAlone() {
        Path data = folder.resolve("background");
        Finished start = MILLRACE.run(
                "start", "orchestrator", "--data", data.toString(),
                "--set", "io.millrace.http~service.address=127.0.0.1:0",
                "--set", "io.millrace.http~admin.address=127.0.0.1:0");
        try {
            assertEquals(0, start.exitCode(), start.said());
            JsonObject status = status(data);
            assertEquals(
                    Set.of("role", "version", "pid", "ready", "data", "addresses", "obstacles"), status.keySet());
            assertEquals("orchestrator", status.getString("role"));
            assertEquals(data.toString(), status.getString("data"));
            assertTrue(status.getBoolean("ready"));
            assertTrue(ProcessHandle.of(status.getInt("pid")).orElseThrow().isAlive());
            assertEquals(Set.of("service", "admin"), status.getJsonObject("addresses").keySet());
            String admin = status.getJsonObject("addresses").getString("admin");
            assertEquals(200, new Web().get(URI.create(admin).resolve("/health")).statusCode());
            assertNotEquals(node.address("admin"), URI.create(admin), "two nodes on one machine do not meet");

            Finished again = MILLRACE.run("start", "orchestrator", "--data", data.toString());
            assertEquals(2, again.exitCode());
            assertTrue(again.said().contains(data.toString()), again.said());
        } finally {
            Finished stop = MILLRACE.run("stop", "--data", data.toString());
            assertEquals(0, stop.exitCode(), stop.said());
        }
        assertEquals(1, MILLRACE.run("status", "--data", data.toString()).exitCode());
        assertEquals(false, status(data).getBoolean("ready"));
        assertEquals(1, MILLRACE.run("stop", "--data", data.toString()).exitCode());
        assertTrue(node.isAlive());
    }

    @Test
    void aSecondNodeOnADataFolderIsRefused() {
        Finished second = MILLRACE.run("run", "gateway", "--data", folder.resolve("running").toString());
        assertEquals(2, second.exitCode(), second.said());
        assertEquals(1, second.said().lines().count(), second.said());
        assertTrue(second.said().contains(folder.resolve("running").toString()), second.said());
    }

    @Test
    void aTakenPortIsNamedInOneLineWithWhatToDo() {
        String taken = node.address("service").getAuthority();
        try (NodeProcess late = NodeProcess.run(
                MILLRACE, folder.resolve("late"), "orchestrator", "io.millrace.http~service.address=" + taken)) {
            Await.that(taken + " is named", () -> late.console().contains(taken));
            List<String> named =
                    late.console().lines().filter(line -> line.contains(taken)).toList();
            assertEquals(1, named.size(), late.console());
            assertTrue(named.getFirst().contains("io.millrace.http~service"), named.getFirst());
            assertTrue(late.console().lines().noneMatch(line -> line.startsWith("\tat ")), late.console());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rum gateway, rum, run",
        "run gatway, gatway, gateway",
        "run gateway --dta x, --dta, --data",
        "run gateway --set io.millrace.media.rmtp.address=x, io.millrace.media.rmtp, io.millrace.media.rtmp",
        "livepeer -gateway -orchAdr x, -orchAdr, orchAddr",
        "livepeer -gateway -ethUrl x, -ethUrl, off-chain",
        "livepeer -transcoder -orchSecret x, -orchSecret, -orchestrator -transcoder",
        "demo --seconds none, none, number"
    })
    void aWrongWordIsNamedWithWhatToUseInstead(String words, String wrong, String right) {
        Finished refused = MILLRACE.run(words.split(" "));
        assertEquals(2, refused.exitCode(), refused.said());
        assertTrue(refused.said().contains(wrong), refused.said());
        assertTrue(refused.said().contains(right), refused.said());
    }
}
