package io.millrace.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.http.tls.CertificateFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ProtocolsTest {

    private static final Answers PROTOCOL =
            new Answers((request, response) -> response.getWriter().print(request.getProtocol()));

    @TempDir
    Path directory;

    // Go-livepeer's clients: h2 for gRPC, h2 preferred for /segment, HTTP/1.1 only for downloads.
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void theTlsPortSpeaksWhatTheClientAsksFor(HttpClient.Version version) throws Exception {
        try (var server = TestServer.secure(TestServer.LIMITS, directory)) {
            var client = server.client(version);
            server.admit(PROTOCOL, "/protocol");
            var answer = client.send(server.request("/protocol").build(), BodyHandlers.ofString());
            assertEquals(version, answer.version());
            assertEquals(version == HttpClient.Version.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1", answer.body());
            assertTrue(answer.headers().firstValue("Server").isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aServletSeesTheHostThatWasAskedFor(HttpClient.Version version) throws Exception {
        try (var server = TestServer.secure(TestServer.LIMITS, directory)) {
            server.admit(
                    new Answers((request, response) -> response.getWriter().print(request.getHeader("Host"))), "/host");
            var answer = server.client(version).send(server.request("/host").build(), BodyHandlers.ofString());
            assertEquals(server.uri.getAuthority(), answer.body());
        }
    }

    @Test
    void aClientThatNamesNoServerAndNegotiatesNothingGetsHttp11() throws Exception {
        try (var server = TestServer.secure(TestServer.LIMITS, directory)) {
            server.admit(PROTOCOL, "/protocol");
            // By address and without a peer name: the JDK sends neither SNI nor, unless told, ALPN.
            try (var socket = (SSLSocket) server.tls().getSocketFactory().createSocket(
                    InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.uri.getPort())) {
                assertEquals("HTTP/1.1 200 OK", ask(socket, "GET /protocol HTTP/1.1\r\nHost: x\r\n\r\n"));
                assertEquals("", socket.getApplicationProtocol());
            }
        }
    }

    @Test
    void aClientThatNamesAnotherServerIsServed() throws Exception {
        try (var server = TestServer.secure(TestServer.LIMITS, directory)) {
            server.admit(PROTOCOL, "/protocol");
            try (var plain = new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort());
                    var socket = server.tls().getSocketFactory().createSocket(
                            plain, "another.example", server.uri.getPort(), true)) {
                assertEquals(
                        "HTTP/1.1 200 OK", ask(socket, "GET /protocol HTTP/1.1\r\nHost: another.example\r\n\r\n"));
            }
        }
    }

    @Test
    void aRenewedCertificateIsServedWithoutARestart(@TempDir Path draft) throws Exception {
        try (var server = TestServer.secure(TestServer.LIMITS, directory)) {
            server.admit(PROTOCOL, "/protocol");
            try (var open = server.tls().getSocketFactory().createSocket("127.0.0.1", server.uri.getPort())) {
                assertEquals("HTTP/1.1 200 OK", ask(open, "GET /protocol HTTP/1.1\r\nHost: x\r\n\r\n"));
                var renewed = new CertificateFile(draft, "127.0.0.1", InstantSource.system()).load();
                Files.move(
                        draft.resolve("certificate.pem"),
                        directory.resolve("certificate.pem"),
                        StandardCopyOption.REPLACE_EXISTING);
                var trust = TestServer.trusting(renewed);
                while (!isTrusted(trust, server.uri.getPort())) {
                    Thread.onSpinWait();
                }
                assertEquals("HTTP/1.1 200 OK", ask(open, "GET /protocol HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
        }
    }

    private static boolean isTrusted(SSLContext trust, int port) throws IOException {
        try (var socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return true;
        } catch (SSLHandshakeException e) {
            return false;
        }
    }

    @Test
    void thePlainPortSpeaksHttp11() throws Exception {
        try (var server = TestServer.plain(TestServer.LIMITS);
                var socket = new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort())) {
            server.admit(PROTOCOL, "/protocol");
            assertEquals("HTTP/1.1 200 OK", ask(socket, "GET /protocol HTTP/1.1\r\nHost: x\r\n\r\n"));
        }
    }

    @Test
    void thePlainPortSpeaksHttp2ToAClientThatKnows() throws Exception {
        try (var server = TestServer.plain(TestServer.LIMITS);
                var socket = new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            // RFC 9113 section 3.4: the preface, then a SETTINGS frame, here without settings.
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            byte[] header = socket.getInputStream().readNBytes(9);
            assertEquals(4, header[3], "the server's first frame is its SETTINGS");
        }
    }

    // The JDK's client asks for HTTP/2 with its first call to a plain port, and sends that call as HTTP/1.1.
    @ParameterizedTest
    @CsvSource({"GET,", "POST,body"})
    void aClientThatOffersToChangeToHttp2IsServedAsAnyOther(String method, String body) throws Exception {
        try (var server = TestServer.plain(TestServer.LIMITS)) {
            var client = server.client(HttpClient.Version.HTTP_2);
            server.admit(
                    new Answers((request, response) -> response.getWriter()
                            .print(request.getRequestURL() + " " + request.getHeader("Host") + " "
                                    + request.getRequestURI() + " " + request.getServletPath()
                                    + request.getPathInfo() + " " + new String(request.getInputStream().readAllBytes(), US_ASCII))),
                    "/api/*");
            for (int call = 0; call < 3; call++) {
                var publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
                var answer = client.send(
                        server.request("/api/streams").method(method, publisher).build(),
                        BodyHandlers.ofString());
                assertEquals(200, answer.statusCode());
                assertEquals(
                        server.uri + "/api/streams " + server.uri.getAuthority() + " /api/streams /api/streams " + (body == null ? "" : body), answer.body());
            }
        }
    }

    // Go-livepeer gives up when the headers of a segment's answer take longer than half the segment.
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aFlushedStatusArrivesWhileTheServletIsStillAtWork(HttpClient.Version version) throws Exception {
        var received = new CountDownLatch(1);
        try (var server = TestServer.secure(TestServer.LIMITS, directory)) {
            var client = server.client(version);
            server.admit(
                    new Answers((request, response) -> {
                        request.getInputStream().readAllBytes();
                        response.flushBuffer();
                        assertTrue(received.await(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
                        response.getWriter().print("done");
                    }),
                    "/segment");
            var answer = client.send(
                    server.request("/segment").POST(BodyPublishers.ofByteArray(new byte[50_000])).build(),
                    BodyHandlers.ofInputStream());
            assertEquals(200, answer.statusCode());
            received.countDown();
            try (InputStream body = answer.body()) {
                assertEquals("done", new String(body.readAllBytes(), US_ASCII));
            }
        }
    }

    @Test
    @Tag("long")
    void aConnectionOutlivesTheIdleTimeWhileItsCallIsServed() throws Exception {
        var limits = new ServerLimits(
                TestServer.LIMITS.body(),
                TestServer.LIMITS.maxHeaderBytes(),
                TestServer.LIMITS.connections(),
                Duration.ofSeconds(2),
                TestServer.LIMITS.gates());
        try (var server = TestServer.secure(limits, directory)) {
            server.admit(
                    new Answers((request, response) -> {
                        response.flushBuffer();
                        // Idleness is a matter of the machine's time, so this waits it out.
                        assertFalse(new CountDownLatch(1).await(5, TimeUnit.SECONDS));
                        response.getWriter().print("done");
                    }),
                    "/slow");
            var answers = Stream.of(HttpClient.Version.values())
                    .map(version -> server.client(version)
                            .sendAsync(server.request("/slow").build(), BodyHandlers.ofString()))
                    .toList();
            for (var answer : answers) {
                assertEquals("done", answer.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS).body());
            }
        }
    }

    private static String ask(Socket socket, String request) throws Exception {
        socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
    }
}
