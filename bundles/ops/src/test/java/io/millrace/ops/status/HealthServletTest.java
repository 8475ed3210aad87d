package io.millrace.ops.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthServletTest {

    private final FakeNode node = new FakeNode();

    @Test
    void healthIsReadinessWithItsReasons() throws Exception {
        HealthServlet servlet = new HealthServlet(node);
        try (AdminServer server = new AdminServer(0, Map.of("/health/*", servlet))) {
            assertEquals(200, server.get("/health").statusCode());
            node.obstacles = List.of("no orchestrator is configured");
            assertEquals(503, server.get("/health").statusCode());
            assertTrue(server.get("/health").body().contains("no orchestrator is configured"));
        }
    }

    @Test
    void aNodeThatIsNotReadyLivesAllTheSame() throws Exception {
        node.obstacles = List.of("something");
        try (AdminServer server = new AdminServer(0, Map.of("/health/*", new HealthServlet(node)))) {
            assertEquals(200, server.get("/health/live").statusCode());
        }
    }

    @Test
    void readyIsAnotherNameOfHealth() throws Exception {
        try (AdminServer server = new AdminServer(0, Map.of("/health/*", new HealthServlet(node)))) {
            assertEquals(server.get("/health").body(), server.get("/health/ready").body());
            node.obstacles = List.of("something");
            assertEquals(503, server.get("/health/ready").statusCode());
        }
    }

    @Test
    void aCautionIsToldAndKeepsNobodyAway() throws Exception {
        node.cautions = List.of("no orchestrator answers");
        try (AdminServer server = new AdminServer(0, Map.of("/health/*", new HealthServlet(node)))) {
            assertEquals(200, server.get("/health/ready").statusCode());
            assertTrue(server.get("/health").body().contains("\"cautions\":[\"no orchestrator answers\"]"));
        }
    }

    @Test
    void aProbeWithHeadHasTheStatusAndNoBody() throws Exception {
        try (AdminServer server = new AdminServer(0, Map.of("/health/*", new HealthServlet(node)))) {
            assertEquals(200, server.send("HEAD", "/health").statusCode());
            node.obstacles = List.of("something");
            HttpResponse<String> answer = server.send("HEAD", "/health");
            assertEquals(503, answer.statusCode());
            assertEquals("", answer.body());
            assertEquals(Optional.of("application/json"), answer.headers().firstValue("Content-Type"));
            assertEquals(405, server.send("POST", "/health").statusCode());
        }
    }
}
