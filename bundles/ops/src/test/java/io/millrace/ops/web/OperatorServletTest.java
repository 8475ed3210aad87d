package io.millrace.ops.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.ops.status.HealthServlet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorServletTest {

    @Test
    void aForeignNameThatResolvesToThisMachineIsRefused() throws Exception {
        try (AdminServer server = server()) {
            assertTrue(server.statusFor("/health", "evil.example").contains("421"));
            assertTrue(server.statusFor("/health", "evil.example:80").contains("421"));
            assertTrue(server.statusFor("/health", "gateway.example").contains("200"));
            assertTrue(server.statusFor("/health", "localhost").contains("200"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void nothingCanBeChangedHere(String method) throws Exception {
        try (AdminServer server = server()) {
            var answer = server.send(method, "/health");
            assertEquals(405, answer.statusCode());
            assertEquals("GET, HEAD", answer.headers().firstValue("Allow").orElseThrow());
        }
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        try (AdminServer server = server()) {
            var answer = server.send("HEAD", "/health");
            assertEquals(200, answer.statusCode());
            assertEquals("", answer.body());
        }
    }

    @Test
    void everyAnswerForbidsFramesAndGuessing() throws Exception {
        try (AdminServer server = server()) {
            var headers = server.get("/health").headers();
            assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElseThrow());
            assertTrue(headers.firstValue("Content-Security-Policy").orElseThrow().contains("frame-ancestors 'none'"));
            assertEquals("no-store", headers.firstValue("Cache-Control").orElseThrow());
        }
    }

    private static AdminServer server() throws Exception {
        return new AdminServer(0, Map.of("/health/*", new HealthServlet(new FakeNode())));
    }
}
