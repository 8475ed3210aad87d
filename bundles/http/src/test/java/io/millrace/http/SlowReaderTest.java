package io.millrace.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.http.body.BodyLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that take their answer slowly, or not at all. */
@Timeout(60)
class SlowReaderTest {

    private static final int LARGE = 10_000_000;
    private static final byte[] CONTENT = new byte[LARGE];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    private TestServer plain;
    private TestServer secure;
    private final CompletableFuture<IOException> cut = new CompletableFuture<>();

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        // The idle timeout is longer than the test's patience, so that it is not what ends these answers.
        var limits = new ServerLimits(
                new BodyLimits(100_000, 1_000_000, Duration.ofMillis(300), Duration.ofMinutes(1)),
                1 << 16,
                TestServer.LIMITS.connections(),
                Duration.ofSeconds(90),
                TestServer.LIMITS.gates());
        plain = TestServer.plain(limits);
        secure = TestServer.secure(limits, directory);
        plain.admit(
                new Answers((request, response) -> {
                    try {
                        while (true) {
                            response.getOutputStream().write(CONTENT);
                        }
                    } catch (IOException e) {
                        cut.complete(e);
                    }
                }),
                "/endless");
    }

    @AfterEach
    void stop() {
        plain.close();
        secure.close();
    }

    @Test
    void whoDoesNotReadIsCutOff() throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream().write("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            awaitCut();
        }
    }

    // One byte now and then restarts the idle timeout of a connection.
    @Test
    void whoReadsADripIsCutOff() throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream().write("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            Thread.ofVirtual().start(() -> {
                while (!cut.isDone() && drip(socket)) {
                    Thread.onSpinWait();
                }
            });
            awaitCut();
        }
    }

    private static boolean drip(Socket socket) {
        try {
            return !new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS)
                    && socket.getInputStream().read(new byte[1000]) > 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    // RFC 9113 section 5.2: who opens no window gets no data, and the connection goes on with other streams.
    @Test
    void whoGivesNoRoomOverHttp2IsCutOff() throws Exception {
        try (var client = new Http2Client(connect())) {
            request(client, 1, "/endless");
            awaitCut();
            Http2Client.Frame frame = client.await(1);
            while (frame.type() != Http2Client.RST_STREAM) {
                frame = client.await(1);
            }
            plain.admit(new Answers((request, response) -> response.setContentLength(0)), "/quick");
            request(client, 3, "/quick");
            assertEquals(Http2Client.HEADERS, client.await(3).type());
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aLargeAnswerArrivesWhole(Version version) throws Exception {
        secure.admit(new Answers((request, response) -> response.getOutputStream().write(CONTENT)), "/large");
        var answer = secure.client(version).send(secure.request("/large").build(), BodyHandlers.ofByteArray());
        assertArrayEquals(CONTENT, answer.body());
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1,GET", "HTTP_2,GET", "HTTP_1_1,HEAD", "HTTP_2,HEAD"})
    void anAnswerOfKnownLengthKeepsIt(Version version, String method) throws Exception {
        secure.admit(
                new Answers((request, response) -> {
                    response.setContentLength(LARGE);
                    response.getOutputStream().write(CONTENT);
                }),
                "/large");
        var answer = secure.client(version)
                .send(secure.request("/large").method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray());
        assertEquals(OptionalLong.of(LARGE), answer.headers().firstValueAsLong("Content-Length"));
        assertEquals(method.equals("GET") ? LARGE : 0, answer.body().length);
    }

    private static void request(Http2Client client, int stream, String path) throws IOException {
        client.send(
                Http2Client.HEADERS,
                Http2Client.END_HEADERS | Http2Client.END_STREAM,
                stream,
                Http2Client.headers(List.of(":method: GET", ":scheme: http", ":path: " + path, ":authority: x")));
    }

    /** With a small buffer, so that little of the answer is on its way. */
    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(10_000);
        socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plain.uri.getPort()));
        return socket;
    }

    private void awaitCut() throws Exception {
        cut.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
