package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.SampleSegments;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What scripts made for go-livepeer ask of running nodes, started as that node is started. */
@Tag("ffmpeg")
class CliApiIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodePair nodes;

    private final Web web = new Web();

    @BeforeAll
    static void startNodes() {
        nodes = NodePair.start(folder);
    }

    @AfterAll
    static void stopNodes() {
        if (nodes != null) {
            nodes.close();
        }
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private String get(NodeProcess node, String path) {
        return text(web.get(node.address("admin").resolve(path)));
    }

    /** As curl -d and livepeer_cli send it. */
    private HttpResponse<byte[]> post(NodeProcess node, String path, String form, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.address("admin").resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return web.send(request.build());
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static List<String> push(String name) {
        Pusher pusher = new Pusher(nodes.http());
        return Pusher.parts(pusher.send(pusher.request(name, SampleSegments.data(0).toArray()))).stream()
                .map(Pusher.Part::rendition)
                .toList();
    }

    @Test
    void theStatusNamesOrchestratorsStreamsAndBytes() {
        push("shown/0.ts");
        JsonObject status = json(get(nodes.gateway(), "/status"));
        assertEquals(
                nodes.orchestrator().address("service").toString(),
                status.getJsonArray("OrchestratorPool").getString(0));
        assertTrue(status.getJsonObject("Manifests").containsKey("shown"));
        assertTrue(status.getJsonObject("StreamInfo").getJsonObject("shown").getInt("TranscodedBytes") > 0);
        assertEquals("true", get(nodes.orchestrator(), "/IsOrchestrator"));
        assertEquals("false", get(nodes.gateway(), "/IsOrchestrator"));
    }

    @Test
    void transcodingOptionsHoldForStreamsThatBeginThoughTheCommandLineGaveOthers() {
        String before = json(get(nodes.gateway(), "/getBroadcastConfig")).getString("TranscodingOptions");
        assertEquals(
                200,
                post(nodes.gateway(), "/setBroadcastConfig", "transcodingOptions=P144p30fps16x9").statusCode());
        try {
            assertEquals(
                    "P144p30fps16x9", json(get(nodes.gateway(), "/getBroadcastConfig")).getString("TranscodingOptions"));
            assertEquals(List.of("P144p30fps16x9"), push("fewer/0.ts"));
        } finally {
            post(nodes.gateway(), "/setBroadcastConfig", "transcodingOptions=" + before);
        }
    }

    @Test
    void theLimitOfSessionsChangesWhileTheNodeRuns() {
        assertEquals(
                "Max sessions set to 4\n", text(post(nodes.orchestrator(), "/setMaxSessions", "maxSessions=4")));
        assertTrue(get(nodes.orchestrator(), "/metrics").lines().anyMatch(line ->
                line.startsWith("livepeer_max_sessions_total{") && line.endsWith(" 4")));
    }

    @Test
    void theLogIsWrittenAtTheLevelThatIsSet() {
        assertFalse(nodes.gateway().log().contains(" DEBUG "));
        assertEquals(200, post(nodes.gateway(), "/setLogLevel", "loglevel=6").statusCode());
        try {
            assertEquals("6", get(nodes.gateway(), "/getLogLevel"));
            post(nodes.gateway(), "/setMaxSessions", "maxSessions=11");
            Await.that("a line for developers", () -> nodes.gateway().log().contains(" DEBUG "));
        } finally {
            post(nodes.gateway(), "/setLogLevel", "loglevel=3");
        }
    }

    @Test
    void anotherSitesPageIsRefused() {
        HttpResponse<byte[]> answer =
                post(nodes.gateway(), "/setMaxSessions", "maxSessions=1", "Origin", "http://evil.example");
        assertEquals(403, answer.statusCode());
    }

    @Test
    void whatAFetchedAddressCanCarryChangesNothing() {
        HttpResponse<byte[]> fetched =
                web.get(nodes.gateway().address("admin").resolve("/setMaxSessions?maxSessions=1"));
        assertEquals(405, fetched.statusCode());
        assertEquals(
                401,
                post(nodes.gateway(), "/setMaxSessions", "maxSessions=1", "X-Forwarded-For", "10.0.0.7").statusCode());
    }

    @Test
    void whatNeedsAChainSaysSoAsAnOffChainNode() {
        HttpResponse<byte[]> answer = web.get(nodes.orchestrator().address("admin").resolve("/ethAddr"));
        assertEquals(500, answer.statusCode());
        assertEquals("missing ETH client\n", text(answer));
    }
}
