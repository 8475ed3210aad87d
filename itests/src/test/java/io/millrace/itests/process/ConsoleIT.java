package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The web console: who gets in, and what becomes of what is changed there. */
@Tag("long")
class ConsoleIT {

    private static final String ORCHESTRATOR = "io.millrace.kernel.orchestrator";
    private static final String CONSOLE = "/system/console";
    private static final Pattern SHOWN = Pattern.compile("user 'admin', password '([^']+)'");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static Path data;
    private static String password;

    private static NodeProcess node;

    private final Web web = new Web();

    @BeforeAll
    static void startNode() {
        data = folder.resolve("node");
        node = NodeProcess.run(Distribution.GPL, data, "orchestrator").awaitReady();
        Matcher shown = SHOWN.matcher(node.console());
        assertTrue(shown.find(), node.console());
        password = shown.group(1);
    }

    @AfterAll
    static void stopNode() {
        if (node != null) {
            node.close();
        }
    }

    private static URI uri(String path) {
        return node.address("admin").resolve(path);
    }

    private static String basic(String word) {
        return "Basic "
                + Base64.getEncoder().encodeToString(("admin:" + word).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<byte[]> get(String path, String word) {
        return web.send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", basic(word))
                .build());
    }

    /** As a browser posts a form, from a page of this origin. */
    private HttpResponse<byte[]> post(String path, Map<String, String> form, String... headers) {
        String body = form.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return web.send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", basic(password))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .headers(headers)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static JsonObject json(HttpResponse<byte[]> answer) {
        assertEquals(200, answer.statusCode());
        try (JsonReader reader = new JsonProviderImpl().createReader(new ByteArrayInputStream(answer.body()))) {
            return reader.readObject();
        }
    }

    private String page(String path) {
        HttpResponse<byte[]> answer = get(CONSOLE + path, password);
        assertEquals(200, answer.statusCode());
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** Saves the form of a configuration as a browser does, with one field changed; the page that it is sent to. */
    private String save(String pid, String key, String value) {
        String origin = node.address("admin").toString();
        HttpResponse<byte[]> answer = post(
                CONSOLE + "/settings",
                Map.of("pid", pid, "was." + key, setting(pid + "." + key).getString("value"), "v." + key, value),
                "Origin", origin, "Sec-Fetch-Site", "same-origin");
        assertEquals(303, answer.statusCode());
        return page(answer.headers().firstValue("Location").orElseThrow().substring(CONSOLE.length()));
    }

    private JsonObject setting(String key) {
        return json(web.get(uri("/api/config/" + key)));
    }

    @Test
    void onlyThePasswordThatTheStartShowedLetsIn() {
        HttpResponse<byte[]> asked = web.get(uri(CONSOLE));
        assertEquals(401, asked.statusCode());
        assertTrue(asked.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Basic "));
        assertEquals(401, get(CONSOLE + "/bundles", "admin").statusCode());
        assertEquals(401, get(CONSOLE + "/res/ui/config.js", "admin").statusCode());
        assertEquals(200, get(CONSOLE + "/bundles", password).statusCode());
    }

    @Test
    void itBeginsWithTheNodesOwnPage() {
        HttpResponse<byte[]> start = get(CONSOLE, password);
        assertEquals(302, start.statusCode());
        assertEquals(CONSOLE + "/millrace", start.headers().firstValue("Location").orElseThrow());
        HttpResponse<byte[]> page = get(CONSOLE + "/millrace", password);
        assertEquals(200, page.statusCode());
        assertTrue(new String(page.body(), StandardCharsets.UTF_8).contains("<iframe src=\"/?console\""));
        String framed = web.get(uri("/?console")).headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(framed.contains("frame-ancestors 'self'"), framed);
    }

    @Test
    void anotherSitesPageChangesNothingEvenWithThePassword() {
        Map<String, String> stop = Map.of("action", "stop");
        String codec = CONSOLE + "/bundles/io.millrace.ffmpeg";
        assertEquals(403, post(codec, stop, "Origin", "https://evil.example").statusCode());
        assertEquals(403, post(codec, stop, "Origin", "null").statusCode());
        assertEquals(403, post(codec, stop, "Sec-Fetch-Site", "cross-site").statusCode());
        assertTrue(node.command("bundles").said().lines()
                .anyMatch(line -> line.matches("io\\.millrace\\.ffmpeg .* ACTIVE .*")));
    }

    @Test
    void noOtherSiteShowsItInAFrame() {
        for (String path : List.of("", "/bundles", "/settings", "/res/ui/config.js")) {
            for (String word : List.of(password, "wrong")) {
                HttpHeaders headers = get(CONSOLE + path, word).headers();
                assertEquals(List.of("DENY"), headers.allValues("X-Frame-Options"), path);
                assertTrue(
                        headers.firstValue("Content-Security-Policy").orElse("").contains("frame-ancestors 'none'"),
                        path);
            }
        }
    }

    @Test
    void aHostThatIsNotTheNodesIsNotAnswered() throws IOException {
        URI admin = node.address("admin");
        try (Socket socket = new Socket(admin.getHost(), admin.getPort())) {
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            String request = "GET " + CONSOLE + "/bundles HTTP/1.1\r\nHost: evil.example\r\nAuthorization: "
                    + basic(password) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.startsWith("HTTP/1.1 421 "), answer);
        }
    }

    @Test
    void aNewPasswordCountsAtOnceAndTheOldOneNoLonger() {
        Finished made = node.command("password");
        assertEquals(0, made.exitCode(), made.said());
        String old = password;
        password = made.said().strip();
        assertEquals(200, get(CONSOLE + "/bundles", password).statusCode());
        assertEquals(401, get(CONSOLE + "/bundles", old).statusCode());
    }

    @Test
    void theFormOfAPidNamesAndExplainsItsSettings() {
        assertTrue(page("/settings").contains("<a href=\"?pid=" + ORCHESTRATOR + "\">Millrace orchestrator</a>"));
        String form = page("/settings?pid=" + ORCHESTRATOR);
        assertTrue(form.contains("navmenu"), "with the menu of the console");
        assertTrue(form.contains("<label for=\"f-maxSessions\">Maximum sessions <code>maxSessions</code></label>"), form);
        assertTrue(form.contains("<p>Sessions at once; one more is refused. 1 or more.</p>"), form);
    }

    @Test
    void whatIsSavedThereIsInTheNodesOwnFile() throws IOException {
        String page = save(ORCHESTRATOR, "queue", "9");
        assertTrue(page.contains(ORCHESTRATOR + ".queue is now 9"), page);
        assertEquals("9", setting(ORCHESTRATOR + ".queue").getString("value"));
        Path file = data.resolve("config/" + ORCHESTRATOR + ".cfg");
        assertEquals(
                List.of("queue = 9"),
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList());
    }

    @Test
    void aBadValueIsShownAsRefusedAtItsField() {
        String page = save(ORCHESTRATOR, "maxSessions", "-3");
        assertTrue(page.contains("id=\"f-maxSessions-problem\">"), page);
        assertTrue(page.contains("name=\"v.maxSessions\" value=\"-3\""), page);
        assertEquals("10", setting(ORCHESTRATOR + ".maxSessions").getString("value"));
    }

    @Test
    void theFrameworksOwnFormOfConfigurationsChangesNothing() {
        Map<String, String> delete = Map.of("apply", "true", "delete", "true", "action", "ajaxConfigManager");
        HttpResponse<byte[]> answer = post(
                CONSOLE + "/configMgr/" + ORCHESTRATOR, delete, "Origin", node.address("admin").toString());
        assertEquals(403, answer.statusCode());
        assertTrue(new String(answer.body(), StandardCharsets.UTF_8).contains(CONSOLE + "/settings"));
        assertEquals(302, get(CONSOLE + "/configMgr", password).statusCode());
        assertEquals("10", setting(ORCHESTRATOR + ".maxSessions").getString("value"));
    }

    @Test
    void itCanBeSwitchedOff() {
        try (NodeProcess closed = NodeProcess.run(
                        Distribution.GPL,
                        folder.resolve("closed"),
                        "orchestrator",
                        "io.millrace.ops.console.enabled=false")
                .awaitReady()) {
            assertEquals(404, web.get(closed.address("admin").resolve(CONSOLE)).statusCode());
        }
    }
}
