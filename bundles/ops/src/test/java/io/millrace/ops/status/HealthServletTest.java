package io.millrace.ops.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import java.util.List;
import java.util.Map;
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
}
