package io.millrace.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.http.body.BodyLimits;
import io.millrace.http.gate.GateLimits;
import io.millrace.http.gate.ServletTerms;
import io.millrace.http.peer.ConnectionLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LimitsTest {

    private static final int MAX_BODY = 100_000;
    private static final ServerLimits LIMITS = new ServerLimits(
            new BodyLimits(MAX_BODY, 1000, Duration.ofMillis(300), Duration.ofSeconds(30)),
            1 << 20,
            new ConnectionLimits(1000, 1000),
            Duration.ofSeconds(30),
            new GateLimits(2, 1000, Duration.ofSeconds(10), Duration.ofSeconds(5)));

    private TestServer server;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = TestServer.secure(LIMITS, directory);
        server.admit(
                new Answers((request, response) ->
                        response.getWriter().print(request.getInputStream().readAllBytes().length)),
                "/count");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    // The payment of a segment carries up to 600 tickets in one header; Go's servers take 1 MiB of headers.
    @ParameterizedTest
    @CsvSource({"HTTP_1_1,65536", "HTTP_2,65536", "HTTP_1_1,90000", "HTTP_2,90000", "HTTP_1_1,900000", "HTTP_2,300000"})
    void aLargeHeaderArrivesWhole(Version version, int size) throws Exception {
        server.admit(
                new Answers((request, response) ->
                        response.getWriter().print(request.getHeader("Livepeer-Payment").length())),
                "/header");
        var answer = send(version, "/header", "x".repeat(size), BodyPublishers.noBody());
        assertEquals(Integer.toString(size), answer.body());
    }

    @Test
    void headersBeyondTheLimitAreRefusedInPlainText() throws Exception {
        var answer = send(Version.HTTP_1_1, "/count", "x".repeat(1 << 21), BodyPublishers.noBody());
        assertEquals(431, answer.statusCode());
        assertEquals("431 Request Header Fields Too Large\n", answer.body());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aBodyOfTheLargestSizeArrivesWhole(Version version) throws Exception {
        var answer = send(version, "/count", "", BodyPublishers.ofByteArray(new byte[MAX_BODY]));
        assertEquals(Integer.toString(MAX_BODY), answer.body());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aBodyThatAnnouncesMoreIsRefusedBeforeAnyServlet(Version version) throws Exception {
        var answer = send(version, "/count", "", BodyPublishers.ofByteArray(new byte[MAX_BODY + 1]));
        assertEquals(413, answer.statusCode());
        assertEquals("413 Payload Too Large\n", answer.body());
    }

    // A client with a small window takes it in parts: it is still being written when the servlet's call ends.
    @Test
    void aLongRefusalArrivesWhole() throws Exception {
        String reason = "not you, ".repeat(1 << 20);
        server.admit(new Answers((request, response) -> response.sendError(403, reason)), "/refuse");
        try (var connection = new Socket()) {
            connection.setReceiveBufferSize(4096);
            connection.connect(new InetSocketAddress("127.0.0.1", server.uri.getPort()));
            connection.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            try (var socket =
                    server.tls().getSocketFactory().createSocket(connection, "127.0.0.1", server.uri.getPort(), true)) {
                socket.getOutputStream()
                        .write("GET /refuse HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
                var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
                assertTrue(answer.startsWith("HTTP/1.1 403 Forbidden\r\n"), "the status");
                assertTrue(answer.endsWith("\r\n\r\n" + reason + "\n"), "all of the reason");
            }
        }
    }

    // The JDK's client sends the whole body before it looks for an answer over HTTP/1.1. Over HTTP/2 it may begin its
    // next call while the body of the last one, which was answered, still comes and holds its place.
    @ParameterizedTest
    @EnumSource(Version.class)
    void whoIsRefusedWithoutBeingReadLearnsIt(Version version, @TempDir Path directory) throws Exception {
        server.close();
        server = TestServer.secure(TestServer.LIMITS, directory);
        server.admit(new Answers((request, response) -> response.sendError(403, "not you")), "/refuse");
        HttpClient client = server.client(version);
        for (int call = 0; call < 5; call++) {
            var request = server.request("/refuse").POST(BodyPublishers.ofByteArray(new byte[MAX_BODY])).build();
            var answer = client.send(request, BodyHandlers.ofString());
            assertEquals(403, answer.statusCode());
            assertEquals("not you\n", answer.body());
            assertTrue(answer.headers().firstValue("Connection").isEmpty(), "the connection serves the next call");
        }
    }

    // RFC 9110 section 10.1.1: a final answer in place of 100 ends the wait, and the body is not sent.
    @Test
    void whoAsksFirstIsRefusedWithoutSending() throws Exception {
        server.admit(new Answers((request, response) -> response.sendError(403, "not you")), "/refuse");
        try (var socket = server.tls().getSocketFactory().createSocket("127.0.0.1", server.uri.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
                            .getBytes(US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 403 Forbidden\r\n"), answer);
        }
    }

    @Test
    void whoDoesNotEndAfterTheAnswerIsCutOff() throws Exception {
        server.admit(new Answers((request, response) -> response.sendError(403, "not you")), "/refuse");
        try (var socket = server.tls().getSocketFactory().createSocket("127.0.0.1", server.uri.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1".getBytes(US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.endsWith("not you\n"), answer);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aBodyOfUnknownLengthIsRefusedAtOneByteMore(Version version) throws Exception {
        var body = BodyPublishers.ofByteArrays(List.of(new byte[MAX_BODY], new byte[1]));
        var answer = send(version, "/count", "", body);
        assertEquals(413, answer.statusCode());
        assertEquals("413 Payload Too Large\n", answer.body());
    }

    @Test
    void aServletMayAnswerATooLargeBodyItself() throws Exception {
        server.admit(
                new Answers((request, response) -> {
                    assertThrows(IOException.class, () -> request.getInputStream().readAllBytes());
                    response.setStatus(400);
                    response.getWriter().print("input bigger than max buffer size");
                }),
                "/own");
        var body = BodyPublishers.ofByteArrays(List.of(new byte[MAX_BODY], new byte[1]));
        var answer = send(Version.HTTP_1_1, "/own", "", body);
        assertEquals(400, answer.statusCode());
        assertEquals("input bigger than max buffer size", answer.body());
    }

    @Test
    void aBodyThatHardlyComesIsCutOff() throws Exception {
        try (var socket = server.tls().getSocketFactory().createSocket("127.0.0.1", server.uri.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1".getBytes(US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
            assertTrue(answer.endsWith("408 Request Timeout\n"), answer);
        }
    }

    // RFC 9110 section 15.5.9: after a time-out the connection is closed, whatever the servlet makes of it.
    @Test
    void aSlowBodyThatItsServletAnswersItselfEndsTheConnection() throws Exception {
        server.admit(
                new Answers((request, response) -> {
                    assertThrows(IOException.class, () -> request.getInputStream().readAllBytes());
                    response.setStatus(400);
                    response.getWriter().print("mine");
                }),
                "/own");
        try (var socket = server.tls().getSocketFactory().createSocket("127.0.0.1", server.uri.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("POST /own HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1".getBytes(US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
            assertTrue(answer.endsWith("mine"), answer);
        }
    }

    @Test
    void aBodyThatNeverEndsHasADeadline() throws Exception {
        var limits = new ServerLimits(
                new BodyLimits(Long.MAX_VALUE, 1, Duration.ofMinutes(5), Duration.ofMillis(300)),
                LIMITS.maxHeaderBytes(),
                LIMITS.connections(),
                LIMITS.idle(),
                LIMITS.gates());
        try (var server = TestServer.plain(limits);
                var socket = new Socket("127.0.0.1", server.uri.getPort())) {
            server.admit(new Answers((request, response) -> request.getInputStream().readAllBytes()), "/count");
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
            socket.getOutputStream().write("4\r\nfast\r\n".repeat(1000).getBytes(US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
        }
    }

    // A client of the JDK looks at no answer before its body is sent, so this looks at the server's side.
    @Test
    void aBodyThatHardlyComesOverHttp2IsCutOff() throws Exception {
        var reason = new CompletableFuture<String>();
        server.admit(
                new Answers((request, response) -> {
                    var failure = assertThrows(IOException.class, () -> request.getInputStream().readAllBytes());
                    reason.complete(request.getProtocol() + ": " + failure.getMessage());
                }),
                "/slow");
        try (var body = new SubmissionPublisher<ByteBuffer>()) {
            server.client(Version.HTTP_2)
                    .sendAsync(
                            server.request("/slow").POST(BodyPublishers.fromPublisher(body)).build(),
                            BodyHandlers.ofString());
            submit(body, 1);
            assertEquals("HTTP/2.0: body slower than 1000 bytes a second", await(reason));
        }
    }

    @Test
    void aServletThatIsSlowItselfCutsNobodyOff() throws Exception {
        server.admit(
                new Answers((request, response) -> {
                    int first = request.getInputStream().read();
                    // Longer than the grace and two rounds of the sweep.
                    new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS);
                    response.getWriter().print(first + request.getInputStream().readAllBytes().length);
                }),
                "/busy");
        var answer = send(Version.HTTP_2, "/busy", "", BodyPublishers.ofByteArray(new byte[50_000]));
        assertEquals("49999", answer.body());
    }

    @Test
    void anOpenBodyMayPauseAndGrowAsItLikes() throws Exception {
        server.admit(
                new Answers((request, response) ->
                        response.getWriter().print(request.getInputStream().readAllBytes().length)),
                ServletTerms.of(Map.of(
                        "millrace.http.server", "test",
                        "millrace.http.path", new String[] {"/live"},
                        "millrace.http.openBody", true,
                        "service.id", 7L)));
        var body = new SubmissionPublisher<ByteBuffer>();
        var answer = server.client(Version.HTTP_2)
                .sendAsync(
                        server.request("/live").POST(BodyPublishers.fromPublisher(body)).build(),
                        BodyHandlers.ofString());
        submit(body, 1);
        assertThrows(TimeoutException.class, () -> answer.get(1500, TimeUnit.MILLISECONDS));
        submit(body, MAX_BODY);
        body.close();
        assertEquals(Integer.toString(MAX_BODY + 1), await(answer).body());
    }

    @Test
    void aCallTooManyIsRefusedAtOnceWithAnEmptyBody() throws Exception {
        var busy = new CountDownLatch(2);
        var end = new CountDownLatch(1);
        server.admit(
                new Answers((request, response) -> {
                    busy.countDown();
                    assertTrue(end.await(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
                }),
                "/busy");
        HttpClient client = server.client(Version.HTTP_2);
        var first = client.sendAsync(server.request("/busy").build(), BodyHandlers.ofString());
        var second = client.sendAsync(server.request("/busy").build(), BodyHandlers.ofString());
        assertTrue(busy.await(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        var refused = client.send(server.request("/count").build(), BodyHandlers.ofString());
        end.countDown();
        assertEquals(503, refused.statusCode());
        assertEquals("", refused.body());
        assertTrue(refused.headers().firstValue("Retry-After").isPresent());
        assertEquals(200, await(first).statusCode());
        assertEquals(200, await(second).statusCode());
    }

    private static void submit(SubmissionPublisher<ByteBuffer> body, int length) {
        // What is submitted before the client subscribes is lost.
        while (!body.hasSubscribers()) {
            Thread.onSpinWait();
        }
        body.submit(ByteBuffer.allocate(length));
    }

    private HttpResponse<String> send(Version version, String path, String payment, BodyPublisher body)
            throws Exception {
        HttpClient client = server.client(version);
        var request = server.request(path).header("Livepeer-Payment", payment).POST(body).build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
