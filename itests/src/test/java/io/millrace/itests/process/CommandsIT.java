package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
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
                    Set.of(
                            "role", "version", "pid", "ready", "data", "addresses", "console", "obstacles", "cautions",
                            "draining", "streams", "sessions", "maxSessions", "budgets"),
                    status.keySet());
            assertEquals("orchestrator", status.getString("role"));
            assertEquals(data.toString(), status.getString("data"));
            assertTrue(status.getBoolean("ready"));
            assertTrue(ProcessHandle.of(status.getInt("pid")).orElseThrow().isAlive());
            assertEquals(Set.of("service", "admin"), status.getJsonObject("addresses").keySet());
            String admin = status.getJsonObject("addresses").getString("admin");
            assertEquals(200, new Web().get(URI.create(admin).resolve("/health")).statusCode());
            assertEquals(admin + "/system/console", status.getString("console"));
            assertEquals(Set.of("heap", "native"), status.getJsonObject("budgets").keySet());
            assertTrue(status.getJsonObject("budgets").getJsonObject("heap").getInt("limitMegabytes") > 0);
            assertNotEquals(node.address("admin"), URI.create(admin), "two nodes on one machine do not meet");

            Finished again = MILLRACE.run("start", "orchestrator", "--data", data.toString());
            assertEquals(1, again.exitCode());
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
        assertEquals(1, second.exitCode(), second.said());
        assertEquals(1, second.said().lines().count(), second.said());
        assertTrue(second.said().contains(folder.resolve("running").toString()), second.said());
    }

    @Test
    void aTakenPortEndsTheStartWithItsName() {
        String taken = node.address("service").getAuthority();
        for (String command : List.of("run", "start")) {
            Finished late = MILLRACE.run(
                    command, "orchestrator", "--data", folder.resolve("late").toString(),
                    "--set", "io.millrace.http~service.address=" + taken,
                    "--set", "io.millrace.http~admin.address=127.0.0.1:0");
            assertEquals(1, late.exitCode(), late.said());
            assertEquals(
                    "The node is not started: " + taken + " (io.millrace.http~service.address) cannot be opened: Address"
                            + " already in use. Stop what has it (ss -ltnp shows it), or set another.",
                    late.said().strip());
        }
    }

    @Test
    void whatIsMissingOrWrongIsSaidInTheWordsOfItsCommand() throws IOException {
        Finished start = MILLRACE.run("start");
        assertEquals(2, start.exitCode());
        assertTrue(start.said().contains("Usage: millrace start ROLE"), start.said());
        Path file = Files.writeString(folder.resolve("file"), "");
        Finished onFile = MILLRACE.run("run", "gateway", "--data", file.toString());
        assertEquals(2, onFile.exitCode());
        assertEquals(
                file + " is a file, and the state of a node needs a folder: name one with --data.", onFile.said().strip());
        Finished key = node.command("config", "set", "maxSessions=3");
        assertEquals(1, key.exitCode());
        assertTrue(key.said().contains("Did you mean io.millrace.kernel.orchestrator.maxSessions?"), key.said());
    }

    @Test
    void everyCommandIsListedAndExplained() {
        Finished help = MILLRACE.run();
        assertEquals(0, help.exitCode());
        List<String> commands = help.said().lines()
                .filter(line -> line.matches("  [a-z-]+ .*"))
                .map(line -> line.strip().split(" ")[0])
                .toList();
        assertTrue(commands.containsAll(List.of("run", "start", "stop", "status", "streams", "drain", "logs", "doctor")));
        for (String command : commands) {
            Finished more = MILLRACE.run("help", command);
            assertEquals(0, more.exitCode(), more.said());
            assertTrue(more.said().startsWith("Usage: millrace " + command), more.said());
        }
    }

    @Test
    void aRunningNodeIsAskedForItsStreamsItsLogAndItsHealth() {
        assertEquals("Nothing runs.", node.command("streams").said().strip());
        assertEquals("[]", node.command("streams", "--json").said().strip());
        Finished none = node.command("streams", "end", "nobody");
        assertEquals(1, none.exitCode());
        assertEquals("No such stream is running; there is none", none.said().strip());
        assertEquals(2, node.command("logs", "-n", "2").said().lines().count());
        Finished doctor = node.command("doctor");
        assertEquals(0, doctor.exitCode(), doctor.said());
        for (String what : List.of("port service", "certificate", "encoder", "java", "memory", "clock", "data folder")) {
            assertTrue(doctor.said().lines().anyMatch(line -> line.matches("(ok|warn)  +" + what + " .*")), doctor.said());
        }
    }

    @Test
    void aTakenPortIsFoundBeforeTheStart() {
        String taken = node.address("service").getAuthority();
        Finished doctor = MILLRACE.run(
                "doctor", "orchestrator", "--json", "--data", folder.resolve("none").toString(),
                "--set", "io.millrace.http~service.address=" + taken);
        assertEquals(1, doctor.exitCode(), doctor.said());
        assertTrue(doctor.said().contains("{\"level\":\"FAIL\",\"what\":\"port service\""), doctor.said());
    }

    @Test
    void aNodeThatWasKilledIsGoneAndCanBeStartedAgain() {
        Path data = folder.resolve("killed");
        try (NodeProcess killed = NodeProcess.run(MILLRACE, data, "orchestrator").awaitReady()) {
            killed.kill();
            assertEquals(1, killed.command("status").exitCode());
            assertEquals(false, status(data).getBoolean("ready"));
            assertEquals(1, killed.command("stop").exitCode());
            assertEquals(1, killed.command("drain").exitCode());
            assertTrue(killed.command("doctor").said().contains("was killed or broke"));
        }
        try (NodeProcess again = NodeProcess.run(MILLRACE, data, "orchestrator").awaitReady()) {
            assertEquals(0, again.command("status").exitCode());
            assertEquals("Nothing runs.", again.command("streams").said().strip());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rum gateway, rum, run",
        "help drian, drian, drain",
        "drain --limit soon, soon, seconds",
        "logs -n many, many, lines",
        "streams stop movie, streams, end NAME",
        "run gatway, gatway, gateway",
        "run gateway --dta x, --dta, --data",
        "run gateway --set io.millrace.media.rmtp.address=x, io.millrace.media.rmtp, io.millrace.media.rtmp",
        "livepeer -gateway -orchAdr x, -orchAdr, orchAddr",
        "livepeer -gateway -extraNodes 2, -extraNodes, -orchAddr",
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
