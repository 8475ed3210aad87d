package io.millrace.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Deadline;
import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.ops.status.DrainComponent;
import io.millrace.ops.status.Drains;
import io.millrace.ops.web.Right;
import io.millrace.testkit.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeServletTest {

    private final FakeNode node = new FakeNode();
    private final ManualClock clock = new ManualClock();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final DrainComponent drain = Drains.of(node, Duration.ofSeconds(300), clock, stopped::countDown);

    @Test
    void theNodeIsDrainedWithinTheLimitAndThenStopped() throws Exception {
        HttpResponse<String> answer = send("POST", "/api/node/drain?limitSeconds=7");
        assertEquals(202, answer.statusCode());
        assertEquals("draining: 0 streams and 0 sessions may go on for 7 s, then the node stops\n", answer.body());
        assertTrue(stopped.await(30, TimeUnit.SECONDS));
        assertEquals(List.of(Deadline.in(Duration.ofSeconds(7), clock)), node.letEnd);
    }

    @Test
    void withoutALimitTheSettingHolds() throws Exception {
        assertEquals(202, send("POST", "/api/node/drain").statusCode());
        assertTrue(stopped.await(30, TimeUnit.SECONDS));
        assertEquals(List.of(Deadline.in(Duration.ofSeconds(300), clock)), node.letEnd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "86401", "soon", ""})
    void aLimitThatIsNoneIsRefused(String limit) throws Exception {
        HttpResponse<String> answer = send("POST", "/api/node/drain?limitSeconds=" + limit);
        assertEquals(400, answer.statusCode());
        assertEquals("limitSeconds is a number of seconds from 0 to 86400\n", answer.body());
        assertEquals(List.of(), node.letEnd);
    }

    @Test
    void aDrainTakesAPostAndNothingElse() throws Exception {
        assertEquals(405, send("GET", "/api/node/drain").statusCode());
        assertEquals(405, send("DELETE", "/api/node/drain").statusCode());
        assertEquals(404, send("POST", "/api/node/stop").statusCode());
        assertEquals(404, send("GET", "/api/node/").statusCode());
        assertEquals(List.of(), node.letEnd);
    }

    @Test
    void theStatusSaysWhetherTheNodeIsDrained() throws Exception {
        node.draining = true;
        node.maxSessions = 5;
        node.cautions = List.of("nobody answers");
        String status = send("GET", "/api/node").body();
        assertTrue(status.contains("\"draining\":true"), status);
        assertTrue(status.contains("\"maxSessions\":5"), status);
        assertTrue(status.contains("\"cautions\":[\"nobody answers\"]"), status);
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        try (AdminServer server =
                new AdminServer(0, Map.of("/api/node/*", new NodeServlet(node, new Right("Bearer r"), drain)))) {
            return server.send(method, path, "Authorization", "Bearer r");
        }
    }
}
