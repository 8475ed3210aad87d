package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminClientTest {

    /** What arrived: the method, the path and the right. */
    private record Asked(String method, String path, String right) {}

    @TempDir
    private Path folder;

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private DataFolder data;
    private HttpServer server;

    @BeforeEach
    void aNode() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        data = new DataFolder(folder);
        data.create();
        data.claim();
        Files.writeString(
                data.run().resolve("status.json"),
                "{\"addresses\":{\"admin\":\"http://127.0.0.1:" + server.getAddress().getPort() + "\"}}");
        Files.writeString(data.run().resolve("admin.token"), "secret\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(int status, String body) {
        server.createContext("/api/", exchange -> {
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Test
    void aQuestionNeedsNoRight() throws Exception {
        answer(200, "{\"streams\":[]}");
        assertEquals("[]", AdminClient.of(data).get("/api/streams?segments=1").asJsonObject().get("streams").toString());
        Asked question = asked.take();
        assertEquals("/api/streams?segments=1", question.path());
        assertNull(question.right());
    }

    @Test
    void aChangeCarriesTheTokenOfTheRun() throws Exception {
        answer(200, "it has ended\n");
        String path = "/api/streams/" + AdminClient.escaped("a b/c+d");
        assertEquals("it has ended", AdminClient.of(data).send("DELETE", path));
        assertEquals(new Asked("DELETE", "/api/streams/a%20b%2Fc%2Bd", "Bearer secret"), asked.take());
    }

    @Test
    void aRefusalIsToldInTheNodesOwnWords() {
        answer(404, "no such stream is running\n");
        Refused refused = assertThrows(Refused.class, () -> AdminClient.of(data).send("DELETE", "/api/streams/x"));
        assertEquals("No such stream is running", refused.getMessage());
        assertEquals(1, refused.exitCode());
    }

    @Test
    void aRefusalWithoutWordsIsToldByItsNumber() {
        answer(500, "");
        Refused refused = assertThrows(Refused.class, () -> AdminClient.of(data).get("/api/streams"));
        assertTrue(refused.getMessage().contains("500"), refused.getMessage());
    }

    @Test
    void whoCannotReadTheTokenCannotChangeTheNode() throws IOException {
        Files.delete(data.run().resolve("admin.token"));
        Refused refused = assertThrows(Refused.class, () -> AdminClient.of(data).send("POST", "/api/node/drain"));
        assertTrue(refused.getMessage().contains("admin.token"), refused.getMessage());
    }

    @Test
    void aNodeThatDoesNotAnswerIsNamed() {
        int port = server.getAddress().getPort();
        server.stop(0);
        Refused refused = assertThrows(Refused.class, () -> AdminClient.of(data).get("/api/streams"));
        assertTrue(refused.getMessage().contains("127.0.0.1:" + port), refused.getMessage());
        assertEquals(1, refused.exitCode());
    }

    @Test
    void whereNoNodeRunsThatIsSaid() {
        Refused refused = assertThrows(Refused.class, () -> AdminClient.of(new DataFolder(folder.resolve("other"))));
        assertEquals("No node runs on " + folder.resolve("other") + ".", refused.getMessage());
        assertEquals(1, refused.exitCode());
    }
}
