package io.millrace.ops.page;

import static io.millrace.ops.Samples.NEAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.value.ManifestId;
import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.ops.Samples;
import io.millrace.ops.eventlog.Warnings.Warning;
import io.millrace.ops.web.Right;
import io.millrace.testkit.ManualClock;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {

    private final ManualClock clock = new ManualClock();
    private final FakeNode node = new FakeNode();
    private final History history = new History(clock);

    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer(
                0,
                Map.of(
                        "/*", new PageServlet(node),
                        "/api/*",
                                new ApiServlet(
                                        node,
                                        new Right("Bearer r"),
                                        history,
                                        () -> List.of(new Warning(clock.instant(), "careful")),
                                        clock)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/player/abc", "/player/?stream=a%20b", "/player/%3Cscript%3E"})
    void aPageAnswersWhetherThereIsAStreamOrNot(String path) throws Exception {
        HttpResponse<String> page = server.get(path);
        assertEquals(200, page.statusCode());
        assertTrue(page.headers().firstValue("Content-Type").orElseThrow().startsWith("text/html"));
        assertTrue(page.body().startsWith("<!doctype html>"));
    }

    @Test
    void everythingThatAPageLoadsIsThereAndNothingIsElsewhere() throws Exception {
        for (String path : List.of("/", "/player/abc")) {
            String page = server.get(path).body();
            assertFalse(page.contains("//"), "nothing from other hosts");
            for (String asset : Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"")
                    .matcher(page)
                    .results()
                    .map(match -> match.group(1))
                    .toList()) {
                HttpResponse<String> answer = server.get(asset);
                assertEquals(200, answer.statusCode(), asset);
                assertTrue(answer.headers().firstValue("ETag").isPresent(), asset);
            }
        }
    }

    /** It is kept as it was published, see hls.js/README.md. */
    @Test
    void thePlayerLibraryIsTheReleasedOneAndHasItsLicence() throws Exception {
        String library = server.get("/assets/hls.min.js").body();
        assertTrue(library.contains("\"1.7.4\""), "its version");
        assertEquals(
                "cfc70cc9e9fc63d071919e087670abc760c8fd1bc889b88588026e4d22193bbe",
                HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(library.getBytes(StandardCharsets.UTF_8))));
        try (InputStream licence = PageFile.class.getResourceAsStream("hls.js/LICENSE")) {
            assertTrue(new String(licence.readAllBytes(), StandardCharsets.UTF_8).contains("Apache License, Version 2.0"));
        }
    }

    @Test
    void scriptsSetTextNotMarkup() throws Exception {
        for (String script : List.of("/assets/page.js", "/assets/index.js", "/assets/player.js")) {
            String source = server.get(script).body();
            assertFalse(Pattern.compile("innerHTML\\s*=[^=]|outerHTML|insertAdjacentHTML|document\\.write|eval\\(")
                    .matcher(source)
                    .find(), script);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/favicon.ico", "/assets/", "/assets/../bnd.bnd", "/assets/page.html", "/api/other", "/x"})
    void whatIsNotThereIsNotFound(String path) throws Exception {
        int status = server.get(path).statusCode();
        assertTrue(status == 404 || status == 400, path + " gave " + status);
    }

    @Test
    void thePolicyNamesTheNodesOwnStreamsOnly() throws Exception {
        assertFalse(policy().contains("http:"), policy());
        node.addresses.put("http", URI.create("http://127.0.0.1:9935"));
        assertTrue(policy().contains("connect-src 'self' http://127.0.0.1:9935;"), policy());
        assertTrue(policy().contains("frame-ancestors 'none'"), policy());
        assertFalse(policy().contains("unsafe"), policy());
    }

    @Test
    void theSnapshotShowsWhatHappened() throws Exception {
        node.addresses.put("http", URI.create("http://127.0.0.1:9935"));
        node.streams = List.of(new StreamStatus(
                new ManifestId("abc"), "rtmp", clock.instant(), Samples.LADDER, 1, 0, 2, Optional.of(NEAR)));
        history.happened(Samples.started("abc"));
        history.happened(Samples.selected("abc", 0, NEAR, "nearest"));
        history.happened(Samples.transcoded("abc", 0, NEAR));
        String json = server.get("/api/streams").body();
        for (String part : List.of(
                "\"media\":\"http://127.0.0.1:9935\"",
                "\"name\":\"abc\",\"live\":true,\"origin\":\"rtmp\"",
                "\"inFlight\":2",
                "\"sequence\":0",
                "\"seconds\":2.0,\"workSeconds\":0.82,\"tookSeconds\":0.9,\"orchestrator\":\"https://127.0.0.1:8935\"",
                "\"chosenBecause\":\"nearest\"",
                "\"bytes\":[400000,120000]",
                "\"text\":\"careful\"")) {
            assertTrue(json.contains(part), part + " in " + json);
        }
    }

    @Test
    void aSnapshotMayBeOfOneStreamOrWithoutSegments() throws Exception {
        history.happened(Samples.transcoded("abc", 0, NEAR));
        history.happened(Samples.transcoded("other", 0, NEAR));
        String one = server.get("/api/streams?stream=abc").body();
        assertTrue(one.contains("\"name\":\"abc\"") && !one.contains("\"name\":\"other\""), one);
        assertFalse(server.get("/api/streams?segments=0").body().contains("\"sequence\""));
        assertEquals(400, server.get("/api/streams?segments=-1").statusCode());
        assertEquals(400, server.get("/api/streams?segments=many").statusCode());
        assertEquals(400, server.get("/api/streams?segments=100000").statusCode());
    }

    @Test
    void aHostileNameIsHarmlessInTheSnapshot() throws Exception {
        history.happened(Samples.started("<img src=x onerror=alert(1)>"));
        String json = server.get("/api/streams").body();
        assertFalse(json.contains("<"), json);
    }

    @Test
    void aStreamIsShownWithoutAKernelToo() throws Exception {
        history.happened(Samples.started("abc"));
        node.kernel = false;
        assertTrue(server.get("/api/streams").body().contains("\"name\":\"abc\",\"live\":false"));
    }

    @Test
    void streamsAreFetchedFromWhereTheBrowserCanReachThem() {
        URI loopback = URI.create("http://127.0.0.1:9935");
        assertEquals("http://127.0.0.1:9935", MediaOrigin.of(loopback, "localhost:5935").orElseThrow());
        assertEquals("http://192.168.1.7:9935", MediaOrigin.of(loopback, "192.168.1.7:5935").orElseThrow());
        assertEquals("http://[::1]:9935", MediaOrigin.of(URI.create("http://0.0.0.0:9935"), "[::1]:5935").orElseThrow());
        assertEquals("https://cdn.example", MediaOrigin.of(URI.create("https://cdn.example"), "10.0.0.1").orElseThrow());
        assertEquals(Optional.empty(), MediaOrigin.of(null, "localhost"));
    }

    private String policy() throws Exception {
        return server.get("/player/abc").headers().firstValue("Content-Security-Policy").orElseThrow();
    }

    @Test
    void aRunningStreamIsEndedByItsName() throws Exception {
        node.streams = List.of(running("a b"), running("other"));
        HttpResponse<String> answer = server.send("DELETE", "/api/streams/a%20b", "Authorization", "Bearer r");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("stream a b has ended\n", answer.body());
        assertEquals(1, node.streams.size());
        HttpResponse<String> again = server.send("DELETE", "/api/streams/a%20b", "Authorization", "Bearer r");
        assertEquals(404, again.statusCode());
        assertEquals("no such stream is running; there is other\n", again.body());
        assertEquals(401, server.send("DELETE", "/api/streams/other").statusCode());
        assertEquals(405, server.send("POST", "/api/streams/other", "Authorization", "Bearer r").statusCode());
        assertEquals(405, server.send("DELETE", "/api/streams", "Authorization", "Bearer r").statusCode());
        assertEquals(1, node.streams.size());
    }

    private StreamStatus running(String name) {
        return new StreamStatus(
                new ManifestId(name), "rtmp", clock.instant(), List.of(), 0, 0, 0, Optional.empty());
    }
}
