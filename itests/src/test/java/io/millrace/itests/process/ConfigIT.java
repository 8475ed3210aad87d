package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Settings as an operator meets them: refused before a start, shown and changed by command. */
@Tag("long")
class ConfigIT {

    private static final Distribution MILLRACE = Distribution.GPL;
    private static final String SESSIONS = "io.millrace.kernel.orchestrator.maxSessions";
    private static final int WIDTH = 100;
    private static final Set<String> SHOWN =
            Set.of("key", "type", "value", "default", "min", "max", "unit", "description", "source");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private Finished config(String... words) {
        List<String> all = new ArrayList<>(List.of("config"));
        all.addAll(List.of(words));
        all.addAll(List.of("--data", folder.toString()));
        return MILLRACE.run(all.toArray(String[]::new));
    }

    private List<JsonObject> listed(String verb) {
        Finished list = config(verb, "--json");
        assertEquals(0, list.exitCode(), list.said());
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(list.said()))) {
            JsonArray array = reader.readArray();
            return array.getValuesAs(JsonObject.class);
        }
    }

    private JsonObject one(String key) {
        return listed("list").stream()
                .filter(setting -> setting.getString("key").equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static void refused(Finished command, String... texts) {
        assertEquals(1, command.exitCode(), command.said());
        assertEquals(1, command.said().lines().count(), command.said());
        for (String text : texts) {
            assertTrue(command.said().contains(text), command.said());
        }
    }

    @Test
    void allThatIsWrongIsSaidBeforeAnythingStarts() throws IOException {
        Path file = Files.createDirectories(folder.resolve("config")).resolve("io.millrace.media.hls.cfg");
        Files.writeString(file, "# six\nwindow = six\n");
        Files.writeString(file.resolveSibling("io.millrace.kernel.gateway.cfg"), "orchestrators = ht!tp://x\n");
        for (String command : List.of("run", "start")) {
            Finished start = MILLRACE.run(
                    command, "gateway", "--data", folder.toString(),
                    "--set", "io.millrace.kernel.gateway.maxSesions=5",
                    "--set", "io.millrace.media.rtpm.address=127.0.0.1:0");
            assertEquals(2, start.exitCode(), start.said());
            List<String> lines = start.said().lines().toList();
            assertEquals(4, lines.size(), start.said());
            assertTrue(lines.get(0).contains("Did you mean io.millrace.media.rtmp?"), lines.get(0));
            assertTrue(lines.get(1).contains("Did you mean maxSessions?"), lines.get(1));
            assertTrue(lines.get(2).startsWith("io.millrace.kernel.gateway.orchestrators must be "), lines.get(2));
            assertEquals(
                    "io.millrace.media.hls.window must be a whole number from 3 to 1000, not 'six'. (" + file
                            + ", line 2)",
                    lines.get(3));
        }
        assertFalse(Files.exists(folder.resolve("run/pid")));
    }

    @Test
    void settingsAreShownAndChangedWhileNoNodeRuns() {
        Finished set = config("set", SESSIONS + "=20");
        assertEquals(0, set.exitCode(), set.said());
        assertEquals("20", config("get", SESSIONS).said().strip());
        assertEquals(List.of(SESSIONS), listed("diff").stream().map(one -> one.getString("key")).toList());
        refused(config("set", SESSIONS + "=0"), SESSIONS, "from 1 to");
        refused(config("set", "io.millrace.kernel.orchestrator.maxSesions=1"), "Did you mean maxSessions?");
        String orchestrators = "io.millrace.kernel.gateway.orchestrators";
        refused(config("set", orchestrators + "=ht!tp://x"), orchestrators, "https://example.org:8935");
        assertEquals(0, config("unset", SESSIONS).exitCode());
        assertEquals(List.of(), listed("diff"));
        assertEquals(2, config("lost").exitCode());
        String some = config("list", "io.millrace.http").said();
        assertTrue(some.contains("io.millrace.http~service") && some.contains("minBodyBytesPerSecond"), some);
        assertFalse(some.contains("io.millrace.kernel"), some);
        String all = config("list").said();
        assertEquals(List.of(), all.lines().filter(line -> line.length() >= WIDTH).toList());
        assertEquals(2, config("list", "io.millrace.http", "io.millrace.media").exitCode());
        refused(config("list", "io.millrace.htp"), "Did you mean io.millrace.http?");
    }

    @Test
    void settingsAreShownAndChangedWhileANodeRunsAndOutliveIt() {
        try (NodeProcess node = NodeProcess.run(MILLRACE, folder, "orchestrator").awaitReady()) {
            JsonObject before = one(SESSIONS);
            assertTrue(before.keySet().containsAll(SHOWN), before.toString());
            assertEquals("10", before.getString("value"));
            assertEquals("default", before.getString("source"));
            assertEquals("1", before.getString("min"));
            assertEquals("seconds", one("io.millrace.kernel.orchestrator.sessionIdleSeconds").getString("unit"));

            assertEquals(0, config("set", SESSIONS + "=12").exitCode());
            assertEquals("12", one(SESSIONS).getString("value"));
            assertEquals("file", one(SESSIONS).getString("source"));
            assertEquals(12, node.status().orElseThrow().getInt("maxSessions"));
            refused(config("set", SESSIONS + "=many"), SESSIONS, "'many'");
            refused(config("set", "io.millrace.kernel.orchestrator.serviceUri=no uri"), "serviceUri");
            assertEquals("12", one(SESSIONS).getString("value"));

            Set<String> flags = listed("diff").stream()
                    .filter(setting -> setting.getString("source").equals("flag"))
                    .map(setting -> setting.getString("key"))
                    .collect(Collectors.toSet());
            assertTrue(flags.contains("io.millrace.http~service.address"), flags.toString());
            Finished flagged = config("set", "io.millrace.http~service.address=127.0.0.1:1");
            assertEquals(0, flagged.exitCode());
            assertTrue(flagged.said().contains("command line of this run wins"), flagged.said());
            assertEquals(0, config("unset", "io.millrace.http~service.address").exitCode());
        }
        try (NodeProcess node = NodeProcess.run(MILLRACE, folder, "orchestrator").awaitReady()) {
            assertEquals(12, node.status().orElseThrow().getInt("maxSessions"));
        }
    }

    @Test
    void anEditedFileThatIsWrongIsShownAtTheSettingInTheLogAndInHealth() throws IOException {
        Path file = Files.createDirectories(folder.resolve("config"))
                .resolve("io.millrace.kernel.orchestrator.cfg");
        try (NodeProcess node = NodeProcess.run(MILLRACE, folder, "orchestrator").awaitReady()) {
            Files.writeString(file, "maxSessions = 0\n");
            Await.that("the refusal is shown", () -> one(SESSIONS).containsKey("refusal"));
            assertEquals("10", one(SESSIONS).getString("value"));
            Await.that("the status tells it", () -> !node.status().orElseThrow().getJsonArray("cautions").isEmpty());
            String cautions = node.status().orElseThrow().getJsonArray("cautions").toString();
            assertTrue(cautions.contains("maxSessions must be"), cautions);
            assertTrue(node.console().contains("maxSessions must be"), node.console());
            Files.writeString(file, "maxSessions = 11\n");
            Await.that("it is mended", () -> one(SESSIONS).getString("value").equals("11"));
            assertFalse(one(SESSIONS).containsKey("refusal"));
        }
    }
}
