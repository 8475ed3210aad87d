package io.millrace.livepeer.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.livepeer.mapping.SegmentMapping;
import io.millrace.livepeer.mapping.WireHeader;
import io.millrace.livepeer.support.Listener;
import io.millrace.livepeer.support.ScriptedOrchestrator;
import io.millrace.livepeer.web.TrustAnyCertificate;
import io.millrace.livepeer.wire.PaymentResult;
import io.millrace.livepeer.wire.TranscodeResult;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentServletTest {

    private static final byte[] SEGMENT = "a segment of video".repeat(5000).getBytes(StandardCharsets.US_ASCII);

    private static WireFixture wire;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        wire = new WireFixture(directory);
        client = WireFixture.client();
    }

    @BeforeEach
    void reset() {
        wire.orchestrator.reset();
    }

    @AfterAll
    static void stop() {
        client.shutdownNow();
        wire.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aSegmentIsAnsweredWithWhereItsRenditionsAre(HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> response =
                client.send(segment(SEGMENT).version(version).build(), BodyHandlers.ofByteArray());
        assertEquals(version, response.version());
        assertEquals(200, response.statusCode());
        TranscodeResult result = TranscodeResult.parseFrom(response.body());
        assertEquals(7, result.getSeq());
        assertEquals(
                List.of(
                        wire.server.uri() + "/stream/0a1b2c3d/240p/7.ts",
                        wire.server.uri() + "/stream/0a1b2c3d/360p/7.mp4"),
                result.getData().getSegmentsList().stream().map(rendition -> rendition.getUrl()).toList());
        assertEquals(10L * SEGMENT.length, result.getData().getSegments(0).getPixels());
        assertEquals("signed", result.getData().getSig().toStringUtf8());
        assertEquals(wire.server.uri().toString(), result.getInfo().getTranscoder());

        var submitted = wire.orchestrator.submitted.poll(10, TimeUnit.SECONDS);
        assertArrayEquals(SEGMENT, submitted.body().toArray());
        assertEquals(payload(), submitted.payload());
        assertEquals(Optional.of(token()), submitted.token());
    }

    @Test
    void theNextOfferIsUnderTheTokenOfTheRequest() throws Exception {
        TranscodeResult result = TranscodeResult.parseFrom(
                client.send(segment(SEGMENT).build(), BodyHandlers.ofByteArray()).body());
        assertEquals("other", result.getInfo().getAuthToken().getSessionId());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void theStatusComesWhileTheWorkIsStillWaiting(HttpClient.Version version) throws Exception {
        wire.orchestrator.hold();
        HttpResponse<InputStream> response =
                client.send(segment(SEGMENT).version(version).build(), BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertEquals(Optional.empty(), response.headers().firstValue("content-type"));
        wire.orchestrator.release();
        assertTrue(TranscodeResult.parseFrom(response.body().readAllBytes()).hasData());
    }

    @Test
    void aClientWithoutAlpnSeesTheStatusToo() throws Exception {
        wire.orchestrator.hold();
        try (SSLSocket socket = (SSLSocket)
                TrustAnyCertificate.context().getSocketFactory().createSocket("127.0.0.1", wire.server.port())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /segment HTTP/1.1\r\nHost: x\r\nLivepeer-Payment: \r\nContent-Type: video/MP2T\r\n"
                            + "Livepeer-Segment: " + header(SEGMENT) + "\r\nContent-Length: " + SEGMENT.length
                            + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(SEGMENT);
            out.flush();
            byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200 OK\r\n".length());
            assertEquals("HTTP/1.1 200 OK\r\n", new String(line, StandardCharsets.US_ASCII));
            wire.orchestrator.release();
        }
    }

    @Test
    void aGatewayThatLeavesTakesItsWorkWithIt() throws Exception {
        wire.orchestrator.hold();
        HttpResponse<InputStream> response = client.send(segment(SEGMENT).build(), BodyHandlers.ofInputStream());
        assertEquals(HttpClient.Version.HTTP_2, response.version());
        wire.orchestrator.awaitUnderWay();
        response.body().close();
        assertNotNull(wire.orchestrator.givenUp.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void workThatFailsIsToldInTheBody() throws Exception {
        wire.orchestrator.fail(new Failure(Failure.Kind.INPUT, "Unsupported input codec"));
        HttpResponse<byte[]> response = client.send(segment(SEGMENT).build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        TranscodeResult result = TranscodeResult.parseFrom(response.body());
        assertEquals("Unsupported input codec", result.getError());
        assertTrue(result.hasInfo());
    }

    @ParameterizedTest
    @CsvSource({
        "CAPPED, 403, OrchestratorCapped",
        "DRAINING, 403, OrchestratorCapped",
        "INCOMPATIBLE, 403, incompatible capabilities",
        "TOKEN_MISSING, 403, missing auth token",
        "TOKEN_INVALID, 403, invalid auth token",
        "TOKEN_EXPIRED, 403, expired auth token",
        "SIGNATURE, 403, ErrSegSig",
        "MALFORMED, 403, the reason",
        "PAYMENT, 400, the reason",
        "BODY_MISMATCH, 403, Forbidden",
        "BODY_TOO_LARGE, 500, Internal Server Error",
        "BODY_UNREADABLE, 500, Internal Server Error"
    })
    void eachRefusalHasItsStatusAndText(Refusal.Reason reason, int status, String text) throws Exception {
        wire.orchestrator.refuse(reason, "the reason");
        assertPlain(status, text, client.send(segment(SEGMENT).build(), BodyHandlers.ofString()));
    }

    @ParameterizedTest
    @CsvSource({"BUSY, OrchestratorBusy", "UNAVAILABLE, ErrTranscoderUnavailable"})
    void whatTheNetworkKnowsOnlyAsAResultIsAnsweredAsOne(Refusal.Reason reason, String text) throws Exception {
        wire.orchestrator.refuse(reason, "the reason");
        HttpResponse<byte[]> response = client.send(segment(SEGMENT).build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals(text, TranscodeResult.parseFrom(response.body()).getError());
    }

    @Test
    void aBodyThatIsNotWhatItsHashSaysIsForbidden() throws Exception {
        HttpRequest request = segment(SEGMENT)
                .POST(HttpRequest.BodyPublishers.ofString("something else"))
                .build();
        assertPlain(403, "Forbidden", client.send(request, BodyHandlers.ofString()));
        assertTrue(wire.orchestrator.submitted.isEmpty());
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        byte[] large = new byte[(int) ScriptedOrchestrator.LIMIT + 1];
        assertPlain(500, "Internal Server Error", client.send(segment(large).build(), BodyHandlers.ofString()));
    }

    @Test
    void aBodyAtTheLimitOfUnknownLengthIsRead() throws Exception {
        byte[] large = new byte[(int) ScriptedOrchestrator.LIMIT];
        HttpRequest request = segment(large)
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArray(large)))
                .build();
        assertEquals(200, client.send(request, BodyHandlers.ofByteArray()).statusCode());
    }

    @Test
    void withoutHeadersTheTokenIsMissed() throws Exception {
        wire.orchestrator.refuse(Refusal.Reason.TOKEN_MISSING, "no token");
        HttpRequest request =
                HttpRequest.newBuilder(wire.server.uri().resolve("/segment")).build();
        assertPlain(403, "missing auth token", client.send(request, BodyHandlers.ofString()));
    }

    @Test
    void anOrchestratorThatBreaksDownIsAnInternalError() throws Exception {
        wire.orchestrator.breakDown();
        assertPlain(500, "Internal Server Error", client.send(segment(SEGMENT).build(), BodyHandlers.ofString()));
    }

    @Test
    void aSegmentIsFetchedFromTheAddressInTheBody() throws Exception {
        wire.store.put(ScriptedOrchestrator.SESSION, "source/7.ts", Bytes.wrap(SEGMENT));
        HttpResponse<byte[]> response = client.send(
                linked(wire.server.uri() + "/stream/0a1b2c3d/source/7.ts").build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertArrayEquals(
                SEGMENT, wire.orchestrator.submitted.poll(10, TimeUnit.SECONDS).body().toArray());
    }

    @ParameterizedTest
    @CsvSource({"/stream/nothing/there.ts", "file:///etc/hostname", "ftp://127.0.0.1/x", "http://127.0.0.1:1/", "''"})
    void anAddressThatCannotBeFetchedIsABadRequest(String address) throws Exception {
        String absolute = address.startsWith("/") ? wire.server.uri() + address : address;
        assertPlain(400, "BadRequest", client.send(linked(absolute).build(), BodyHandlers.ofString()));
    }

    @Test
    void aFetchedSegmentThatIsNotWhatItsHashSaysIsForbidden() throws Exception {
        wire.store.put(ScriptedOrchestrator.SESSION, "source/7.ts", Bytes.utf8("something else"));
        assertPlain(
                403,
                "Forbidden",
                client.send(
                        linked(wire.server.uri() + "/stream/0a1b2c3d/source/7.ts").build(), BodyHandlers.ofString()));
    }

    @Test
    void anAddressThatTheGuardRefusesIsABadRequestAndIsNotCalled() throws Exception {
        try (Listener own = new Listener("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            wire.guard.close(own.port());
            assertPlain(
                    400,
                    "BadRequest",
                    client.send(linked(own.uri() + "/setMaxSessions").build(), BodyHandlers.ofString()));
            assertTrue(own.heads.isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aSegmentThatFindsNoMemoryIsAnsweredAsBusy(boolean byAddress) throws Exception {
        wire.store.put(ScriptedOrchestrator.SESSION, "source/7.ts", Bytes.wrap(SEGMENT));
        HttpRequest.Builder request = byAddress
                ? linked(wire.server.uri() + "/stream/0a1b2c3d/source/7.ts")
                : segment(SEGMENT);
        wire.heap.limit(50_000);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            assertEquals(200, response.statusCode());
            assertEquals("OrchestratorBusy", TranscodeResult.parseFrom(response.body()).getError());
        } finally {
            wire.heap.limit(1L << 40);
        }
        assertEquals(0, wire.heap.used());
    }

    @Test
    void aSegmentIsChargedWhileItIsReadAndNoLongerThanItsSubmission() throws Exception {
        wire.orchestrator.hold();
        HttpResponse<InputStream> response = client.send(segment(SEGMENT).build(), BodyHandlers.ofInputStream());
        wire.orchestrator.awaitUnderWay();
        assertEquals(0, wire.heap.used());
        wire.orchestrator.release();
        response.body().close();
    }

    @Test
    void aPaymentIsAnsweredWithTheNextOffer() throws Exception {
        HttpRequest request = segment(new byte[0]).uri(wire.server.uri().resolve("/payment")).build();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals("application/octet-stream", response.headers().firstValue("content-type").orElseThrow());
        assertEquals(
                "other",
                PaymentResult.parseFrom(response.body())
                        .getInfo()
                        .getAuthToken()
                        .getSessionId());
    }

    @Test
    void aPaymentThatIsRefusedHasItsText() throws Exception {
        wire.orchestrator.refuse(Refusal.Reason.PAYMENT, "invalid ticket recipient");
        HttpRequest request = segment(new byte[0]).uri(wire.server.uri().resolve("/payment")).build();
        assertPlain(400, "invalid ticket recipient", client.send(request, BodyHandlers.ofString()));
    }

    private void assertPlain(int status, String text, HttpResponse<String> response) {
        assertEquals(status, response.statusCode());
        assertEquals(text + "\n", response.body());
        assertEquals(
                "text/plain;charset=utf-8",
                response.headers().firstValue("content-type").orElseThrow().replace(" ", ""));
        assertEquals("nosniff", response.headers().firstValue("x-content-type-options").orElseThrow());
        assertFalse(response.headers().map().containsKey("transfer-encoding"));
    }

    private HttpRequest.Builder segment(byte[] bytes) {
        return HttpRequest.newBuilder(wire.server.uri().resolve("/segment"))
                .header("Livepeer-Segment", header(bytes))
                .header("Livepeer-Payment", "")
                .header("Content-Type", "video/MP2T")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
    }

    private HttpRequest.Builder linked(String address) {
        return HttpRequest.newBuilder(URI.create(wire.server.uri() + "/segment"))
                .header("Livepeer-Segment", header(SEGMENT))
                .header("Content-Type", "application/vnd+livepeer.uri")
                .POST(HttpRequest.BodyPublishers.ofString(address));
    }

    private static String header(byte[] bytes) {
        return WireHeader.encode(SegmentMapping.toWire(
                payload(),
                JobSpec.needing(Capabilities.of(0, 1, 12)),
                Optional.of(token()),
                Keccak256.of(bytes),
                digest -> Bytes.EMPTY));
    }

    private static AuthToken token() {
        return new AuthToken(
                Bytes.utf8("secret"), new SessionId("other"), Instant.ofEpochSecond(5));
    }

    private static Payload.Transcode payload() {
        return new Payload.Transcode(
                new ManifestId("movie"),
                7,
                Duration.ofSeconds(2),
                List.of(
                        VideoProfile.h264("240p", 426, 240, 600_000, 30).withFormat(VideoProfile.Container.MPEGTS),
                        VideoProfile.h264("360p", 640, 360, 900_000, 30).withFormat(VideoProfile.Container.MP4)),
                Optional.empty(),
                false);
    }
}
