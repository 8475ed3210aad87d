package io.millrace.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.http.body.BodyLimits;
import io.millrace.http.gate.GateLimits;
import io.millrace.http.peer.ConnectionLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Connections that send requests and frames which grow in count, length and nesting, and are damaged, cut off and left
 * at any place. Afterwards there is room for as many calls as before: nothing that was counted, watched or leased is
 * left behind. {@code -Dmillrace.fuzz.cases=N} tries more, {@code -Dmillrace.fuzz.first=N} others.
 */
@Timeout(120)
@Tag("long")
class ServerFuzzTest {

    private static final int CASES = Integer.getInteger("millrace.fuzz.cases", 1500);
    private static final int FIRST = Integer.getInteger("millrace.fuzz.first", 0);
    private static final int AT_ONCE = 8;
    private static final int MOST_CALLS = 64;
    private static final List<String> PATHS = List.of("/read", "/ignore", "/later", "/fail", "/unknown", "*", "/%zz");

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.plain(limits(AT_ONCE, MOST_CALLS));
        server.admit(
                new Answers((request, response) ->
                        response.getWriter().print(request.getInputStream().readAllBytes().length)),
                "/read");
        server.admit(new Answers((request, response) -> response.getOutputStream().write(new byte[200_000])), "/ignore");
        server.admit(
                new Answers((request, response) -> {
                    var call = request.startAsync();
                    Thread.ofVirtual().start(call::complete);
                }),
                "/later");
        server.admit(
                new Answers((request, response) -> {
                    throw new IllegalStateException("fuzz");
                }),
                "/fail");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void nothingIsLeftBehindByHttp11() throws Exception {
        play(ServerFuzzTest::requests);
    }

    @Test
    void nothingIsLeftBehindByHttp2() throws Exception {
        play(ServerFuzzTest::frames);
    }

    private interface Script {
        byte[] of(Random random) throws IOException;
    }

    private void play(Script script) throws Exception {
        try (var callers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int seed = FIRST; seed < FIRST + CASES; seed++) {
                var random = new Random(seed);
                byte[] sent = script.of(random);
                callers.submit(() -> send(sent, random));
            }
        }
        assertAllRoomIsThere();
    }

    private Void send(byte[] bytes, Random random) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort())) {
            socket.setSoTimeout(random.nextInt(1, 30));
            socket.setSoLinger(random.nextBoolean(), 0);
            int half = random.nextInt(bytes.length + 1);
            socket.getOutputStream().write(bytes, 0, half);
            if (random.nextBoolean()) {
                socket.getOutputStream().write(bytes, half, bytes.length - half);
            }
            if (random.nextInt(4) == 0) {
                socket.shutdownOutput();
            }
            socket.getInputStream().readNBytes(random.nextInt(1, 100_000));
        } catch (IOException e) {
            // The server may close at any time, and may say nothing.
        }
        return null;
    }

    /** With room for one connection and one call, what is left behind shuts everybody out for ever. */
    private void assertAllRoomIsThere() throws Exception {
        server.server.limits(limits(1, 1));
        while (!isServed()) {
            // The last calls of the fuzz may still be ending.
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean isServed() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("GET /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1).startsWith("HTTP/1.1 200 OK");
        } catch (IOException closed) {
            return false;
        }
    }

    private static ServerLimits limits(int connections, int calls) {
        return new ServerLimits(
                new BodyLimits(50_000, 10_000, Duration.ofMillis(200), Duration.ofSeconds(1)),
                1 << 14,
                new ConnectionLimits(connections, connections),
                Duration.ofSeconds(2),
                new GateLimits(calls, calls, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    }

    private static byte[] requests(Random random) {
        var text = new StringBuilder();
        for (int request = grown(random, 20); request >= 0; request--) {
            text.append(List.of("GET", "POST", "PUT", "HEAD", "OPTIONS", "TRACE", "CONNECT").get(random.nextInt(7)));
            text.append(' ').append(PATHS.get(random.nextInt(PATHS.size())));
            text.append("/x".repeat(grown(random, 3000))).append(" HTTP/1.1\r\nHost: x\r\n");
            for (int header = grown(random, 500); header > 0; header--) {
                text.append("X-").append(header).append(": ").append("v".repeat(grown(random, 3000))).append("\r\n");
            }
            int length = grown(random, 60_000);
            switch (random.nextInt(4)) {
                case 0 -> text.append("Content-Length: ").append(length).append("\r\n\r\n").append("b".repeat(length));
                case 1 -> chunks(text, random);
                case 2 -> text.append("Content-Length: ").append(random.nextLong()).append("\r\n\r\n");
                default -> text.append("\r\n");
            }
        }
        return damaged(text.toString().getBytes(ISO_8859_1), random);
    }

    private static void chunks(StringBuilder text, Random random) {
        text.append("Transfer-Encoding: chunked\r\n\r\n");
        for (int chunk = grown(random, 500); chunk > 0; chunk--) {
            int length = random.nextInt(1, 100);
            text.append(Integer.toHexString(length)).append("\r\n").append("c".repeat(length)).append("\r\n");
        }
        text.append(random.nextInt(5) == 0 ? "ffffffffff\r\n" : "0\r\n\r\n");
    }

    private static byte[] frames(Random random) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        out.writeBytes(Http2Client.frame(Http2Client.SETTINGS, 0, 0, new byte[6 * grown(random, 100)]));
        int stream = 1;
        for (int frame = grown(random, 200); frame >= 0; frame--) {
            int flags = random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(2) * 4 + random.nextInt(2);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    out.writeBytes(Http2Client.frame(Http2Client.HEADERS, flags, stream, headers(random)));
                    stream += 2;
                }
                case 2 -> out.writeBytes(Http2Client.frame(
                        Http2Client.DATA, flags, random.nextInt(stream + 1), new byte[grown(random, 16_384)]));
                default -> {
                    byte[] payload = new byte[random.nextInt(2) * 4 + grown(random, 40)];
                    random.nextBytes(payload);
                    out.writeBytes(Http2Client.frame(random.nextInt(11), flags, random.nextInt(stream + 1), payload));
                }
            }
        }
        return damaged(out.toByteArray(), random);
    }

    private static byte[] headers(Random random) {
        var lines = new ArrayList<>(List.of(":method: POST", ":scheme: http", ":authority: x"));
        lines.add(":path: " + PATHS.get(random.nextInt(PATHS.size())));
        for (int header = grown(random, 100); header > 0; header--) {
            lines.add("x-" + header + ": " + "v".repeat(grown(random, 200)));
        }
        if (random.nextInt(4) == 0) {
            lines.add(random.nextInt(lines.size()), lines.get(random.nextInt(lines.size())));
        }
        return Http2Client.headers(lines);
    }

    /** Mostly small, now and then as large as can be. */
    private static int grown(Random random, int most) {
        return random.nextInt(10) == 0 ? random.nextInt(most) : random.nextInt(3);
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        for (int change = random.nextInt(4); change > 1; change--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
