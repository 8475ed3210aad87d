package io.millrace.ops.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeTest {

    private static final String RIGHT = "Bearer right";

    private final List<String> changes = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void whoHasTheRightChangesTheNode(String method) throws Exception {
        assertEquals(200, send(method, "Authorization", RIGHT).statusCode());
        assertEquals(List.of(method), changes);
    }

    @Test
    void nobodyElseDoes() throws Exception {
        HttpResponse<String> answer = send("POST");
        assertEquals(401, answer.statusCode());
        assertEquals("the token is in FILE\n", answer.body());
        // Basic first: a browser takes the first that it knows.
        assertEquals(
                List.of("Basic", "Bearer"),
                answer.headers().allValues("WWW-Authenticate").stream()
                        .map(way -> way.split(" ")[0])
                        .toList());
        assertEquals(401, send("DELETE", "Authorization", "Bearer wrong").statusCode());
        assertEquals(List.of(), changes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://127.0.0.1:1", "null"})
    void anotherSitesPageDoesNotEvenWithTheRight(String origin) throws Exception {
        assertEquals(403, send("POST", "Authorization", RIGHT, "Origin", origin).statusCode());
        assertEquals(List.of(), changes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void whatABrowserMarksAsForeignDoesNotEither(String site) throws Exception {
        assertEquals(403, send("POST", "Authorization", RIGHT, "Sec-Fetch-Site", site).statusCode());
        assertEquals(List.of(), changes);
    }

    @Test
    void aPageOfThisNodeDoes() throws Exception {
        try (AdminServer server = server()) {
            String origin = server.uri("").toString();
            assertEquals(
                    200,
                    server.send("POST", "/", "Authorization", RIGHT, "Origin", origin, "Sec-Fetch-Site", "same-origin")
                            .statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH", "OPTIONS", "TRACE"})
    void otherMethodsAreRefused(String method) throws Exception {
        assertEquals(405, send(method, "Authorization", RIGHT).statusCode());
    }

    private HttpResponse<String> send(String method, String... headers) throws Exception {
        try (AdminServer server = server()) {
            return server.send(method, "/", headers);
        }
    }

    private AdminServer server() throws Exception {
        return new AdminServer(0, Map.of("/*", new Changing()));
    }

    private final class Changing extends OperatorServlet {

        private static final long serialVersionUID = 1;

        Changing() {
            super(new FakeNode()::hosts, new Right(RIGHT));
        }

        @Override
        protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            text(response, HttpServletResponse.SC_OK, "unchanged");
        }

        @Override
        protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
            changes.add(request.getMethod());
            text(response, HttpServletResponse.SC_OK, "changed");
        }
    }
}
