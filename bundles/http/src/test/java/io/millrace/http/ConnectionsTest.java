package io.millrace.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.http.gate.GateLimits;
import io.millrace.http.peer.ConnectionLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Room for everybody, whatever others do. */
@Timeout(60)
class ConnectionsTest {

    private static final int MOST = 5;

    private TestServer server;
    private final List<Socket> sockets = new ArrayList<>();
    private final Semaphore inWork = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() throws IOException {
        end.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    @Test
    void whoHasSaidNothingGoesFirstAndTheOldestOfThem() throws Exception {
        start(new ConnectionLimits(MOST, 1000), 1000);
        Socket spoke = connect();
        assertEquals("HTTP/1.1 200 OK", ask(spoke, "/quick"));
        List<Socket> silent = connect(MOST - 1);
        Socket young = connect();
        assertClosed(silent.getFirst());
        assertEquals("HTTP/1.1 200 OK", ask(young, "/quick"));
        assertEquals("HTTP/1.1 200 OK", ask(spoke, "/quick"));
        assertEquals("HTTP/1.1 200 OK", ask(silent.getLast(), "/quick"));
    }

    @Test
    void whoRestsForLongestGoesNext() throws Exception {
        start(new ConnectionLimits(MOST, 1000), 1000);
        List<Socket> resting = connect(MOST);
        for (Socket socket : resting) {
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/quick"));
        }
        assertEquals("HTTP/1.1 200 OK", ask(resting.getFirst(), "/quick"));
        // An answer arrives a moment before its call ends; until then nobody rests, and a newcomer is sent away.
        while (ask(connect(), "/quick").isEmpty()) {
            Thread.onSpinWait();
        }
        assertEquals("HTTP/1.1 200 OK", ask(resting.getFirst(), "/quick"));
        int closed = 0;
        for (Socket socket : resting.subList(1, MOST)) {
            closed += ask(socket, "/quick").isEmpty() ? 1 : 0;
        }
        assertEquals(1, closed);
    }

    @Test
    void whoHasACallInWorkStays() throws Exception {
        start(new ConnectionLimits(MOST, 1000), 1000);
        List<Socket> working = connect(MOST);
        for (Socket socket : working) {
            send(socket, "/slow");
        }
        assertTrue(inWork.tryAcquire(MOST, TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertClosed(connect());
        end.countDown();
        for (Socket socket : working) {
            assertEquals("HTTP/1.1 200 OK", answer(socket));
        }
    }

    @Test
    void oneAddressHasItsOwnBound() throws Exception {
        start(new ConnectionLimits(1000, MOST), 1000);
        List<Socket> silent = connect(MOST);
        Socket young = connect();
        assertClosed(silent.getFirst());
        assertEquals("HTTP/1.1 200 OK", ask(young, "/quick"));
    }

    @Test
    void aCallTooManyOfOneAddressIsRefused() throws Exception {
        start(new ConnectionLimits(1000, 1000), 2);
        List<Socket> working = connect(2);
        for (Socket socket : working) {
            send(socket, "/slow");
        }
        assertTrue(inWork.tryAcquire(2, TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertEquals("HTTP/1.1 503 Service Unavailable", ask(connect(), "/quick"));
    }

    private void start(ConnectionLimits connections, int mostCalls) throws Exception {
        server = TestServer.plain(new ServerLimits(
                TestServer.LIMITS.body(),
                1 << 16,
                connections,
                Duration.ofSeconds(30),
                new GateLimits(1000, mostCalls, Duration.ofSeconds(10), Duration.ZERO)));
        server.admit(new Answers((request, response) -> response.setContentLength(0)), "/quick");
        server.admit(
                new Answers((request, response) -> {
                    inWork.release();
                    assertTrue(end.await(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
                    response.setContentLength(0);
                }),
                "/slow");
    }

    private List<Socket> connect(int count) throws IOException {
        var connected = new ArrayList<Socket>();
        for (int i = 0; i < count; i++) {
            connected.add(connect());
        }
        return connected;
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort());
        socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        sockets.add(socket);
        return socket;
    }

    private static String ask(Socket socket, String path) throws IOException {
        try {
            send(socket, path);
        } catch (SocketException reset) {
            return "";
        }
        return answer(socket);
    }

    private static void send(Socket socket, String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
    }

    /** The first line; empty when the connection is closed instead. */
    private static String answer(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = readOrEnd(socket);
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.substring(0, head.indexOf("\r\n"));
    }

    private static int readOrEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    private static void assertClosed(Socket socket) throws IOException {
        assertEquals(-1, readOrEnd(socket));
    }
}
