package io.millrace.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a servlet hears of a client that leaves while its request is in work. */
@Timeout(60)
@Tag("long")
class DepartureTest {

    private static final String POST = "POST /work HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
    private static final String GET = "GET /work HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir
    Path directory;

    private TestServer server;
    private final BlockingQueue<AsyncContext> inWork = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> departed = new CompletableFuture<>();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anHttp11ClientThatClosesIsNoticed(boolean tls) throws Exception {
        start(tls);
        try (var client = connect()) {
            send(client, POST);
            awaitWork();
        }
        awaitDeparture();
    }

    @Test
    void anHttp11ClientThatResetsIsNoticed() throws Exception {
        start(false);
        try (var client = connect()) {
            send(client, GET);
            awaitWork();
            client.setSoLinger(true, 0);
        }
        awaitDeparture();
    }

    @Test
    void anHttp11ClientThatSentAnotherRequestBeforeItLeftIsNoticed() throws Exception {
        start(false);
        try (var client = connect()) {
            send(client, POST);
            awaitWork();
            send(client, GET);
        }
        awaitDeparture();
    }

    @Test
    void anHttp2StreamThatIsResetIsNoticed() throws Exception {
        start(false);
        try (var client = new Http2Client(connect())) {
            request(client);
            awaitWork();
            client.send(Http2Client.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            awaitDeparture();
        }
    }

    @Test
    void anHttp2ClientThatClosesIsNoticed() throws Exception {
        start(false);
        try (var client = new Http2Client(connect())) {
            request(client);
            awaitWork();
        }
        awaitDeparture();
    }

    @Test
    void aServletThatBlocksIsToldToo() throws Exception {
        start(false);
        var woken = new CompletableFuture<Void>();
        server.admit(
                new Answers((request, response) -> {
                    whenDeparted(request, Thread.currentThread()::interrupt);
                    inWork.add(request.startAsync());
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        woken.complete(null);
                    }
                }),
                "/work");
        try (var client = connect()) {
            send(client, GET);
            awaitWork();
        }
        woken.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void whoAsksAfterTheDepartureIsToldAtOnce() throws Exception {
        start(false);
        var late = new CompletableFuture<Void>();
        server.admit(
                new Answers((request, response) -> {
                    AsyncContext call = request.startAsync();
                    whenDeparted(request, () -> whenDeparted(request, () -> late.complete(null)));
                    inWork.add(call);
                }),
                "/work");
        try (var client = connect()) {
            send(client, GET);
            awaitWork();
        }
        late.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsSentAheadIsServedInItsTurn(boolean tls) throws Exception {
        start(tls);
        try (var client = connect()) {
            send(client, POST);
            AsyncContext first = awaitWork();
            send(client, POST);
            send(client, GET);
            // Looks at the connection while the second request is on its way, and when it is there.
            for (int look = 0; look < 1000; look++) {
                server.gates().sweep();
            }
            assertFalse(departed.isDone());
            first.complete();
            assertEquals("HTTP/1.1 200 OK", answer(client));
            awaitWork().complete();
            assertEquals("HTTP/1.1 200 OK", answer(client));
            awaitWork().complete();
            assertEquals("HTTP/1.1 200 OK", answer(client));
        }
    }

    // Go's server takes the end of the input for a departure too, and lets the handler answer all the same.
    @Test
    void aClientThatClosesOnlyItsOwnSideMayStillBeAnswered() throws Exception {
        start(false);
        try (var client = connect()) {
            send(client, POST);
            AsyncContext call = awaitWork();
            client.shutdownOutput();
            awaitDeparture();
            call.getResponse().getOutputStream().print("late");
            call.complete();
            var answer = new String(client.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.endsWith("late"), answer);
        }
    }

    @Test
    void aClientThatLeavesAfterItsAnswerIsNoDeparture() throws Exception {
        start(false);
        try (var client = connect()) {
            send(client, GET);
            awaitWork().complete();
            answer(client);
        }
        server.gates().sweep();
        server.gates().sweep();
        assertFalse(departed.isDone());
    }

    private void start(boolean tls) throws Exception {
        server = tls ? TestServer.secure(TestServer.LIMITS, directory) : TestServer.plain(TestServer.LIMITS);
        server.admit(
                new Answers((request, response) -> {
                    request.getInputStream().readAllBytes();
                    whenDeparted(request, () -> departed.complete(null));
                    AsyncContext call = request.startAsync();
                    call.setTimeout(0);
                    inWork.add(call);
                }),
                "/work");
    }

    @SuppressWarnings("unchecked")
    private static void whenDeparted(HttpServletRequest request, Runnable listener) {
        ((Consumer<Runnable>) request.getAttribute("io.millrace.http.whenDeparted")).accept(listener);
    }

    private Socket connect() throws Exception {
        Socket socket = server.uri.getScheme().equals("https")
                ? server.tls().getSocketFactory().createSocket("127.0.0.1", server.uri.getPort())
                : new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort());
        socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
    }

    private static void request(Http2Client client) throws IOException {
        client.send(
                Http2Client.HEADERS,
                Http2Client.END_HEADERS | Http2Client.END_STREAM,
                1,
                Http2Client.headers(List.of(":method: GET", ":scheme: http", ":path: /work", ":authority: x")));
    }

    /** The first line of the next answer, which has no body. */
    private static String answer(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) socket.getInputStream().read());
        }
        return head.substring(0, head.indexOf("\r\n"));
    }

    private AsyncContext awaitWork() throws InterruptedException {
        return inWork.poll(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void awaitDeparture() throws Exception {
        departed.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
