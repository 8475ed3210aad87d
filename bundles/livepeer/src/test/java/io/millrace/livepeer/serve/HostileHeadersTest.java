package io.millrace.livepeer.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.Refusal;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.support.RawHttp2;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the headers and frames hold, the answer is one that the network documents. Seeds are fixed. */
class HostileHeadersTest {

    private static final int RUNS = 250;

    private static WireFixture wire;
    private static RawHttp2 client;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        wire = new WireFixture(directory);
        wire.orchestrator.refuse(Refusal.Reason.TOKEN_INVALID, "none of ours");
        client = new RawHttp2();
    }

    @AfterAll
    static void stop() {
        client.close();
        wire.close();
    }

    @Test
    void damagedSegmentHeadersAreForbidden() throws Exception {
        String good = header("rtmp-profiles/004-POST_segment.json", "livepeer-segment");
        Random random = new Random(5);
        for (int run = 0; run < RUNS; run++) {
            RawHttp2.Answer answer = segment(damaged(good, random), "");
            assertEquals(403, answer.status(), "run " + run);
        }
    }

    @Test
    void damagedPaymentHeadersAreRefusedInOneOfThreeWays() throws Exception {
        String segment = header("rtmp-profiles/004-POST_segment.json", "livepeer-segment");
        String good = header("errors/ticket_good_then_bad_sig.json", "livepeer-payment");
        Random random = new Random(6);
        for (int run = 0; run < RUNS; run++) {
            RawHttp2.Answer answer = segment(segment, damaged(good, random));
            assertTrue(Set.of(400, 402, 403).contains(answer.status()), "run " + run + ": " + answer.status());
        }
    }

    @Test
    void aCallThatFindsNoMemoryIsToldThatThisNodeIsFull() throws Exception {
        wire.heap.limit(150);
        try {
            RawHttp2.Answer answer = client.ask(
                    wire.server.uri().resolve("/net.Orchestrator/GetOrchestrator"),
                    "POST",
                    List.of(Map.entry("content-type", "application/grpc")),
                    Capture.bytes("push-presets/002-POST_net.Orchestrator_GetOrchestrator.req.bin"));
            assertEquals("2", answer.trailer("grpc-status"));
            assertEquals("Invalid orchestrator request: OrchestratorCapped", answer.trailer("grpc-message"));
        } finally {
            wire.heap.limit(1L << 40);
        }
        assertEquals(0, wire.heap.used());
    }

    @Test
    void damagedCallsEndWithAStatusOfGrpc() throws Exception {
        byte[] good = Capture.bytes("push-presets/002-POST_net.Orchestrator_GetOrchestrator.req.bin");
        Random random = new Random(7);
        for (int run = 0; run < RUNS; run++) {
            byte[] body = damaged(good, random);
            String method = random.nextBoolean() ? "GetOrchestrator" : "EndTranscodingSession";
            RawHttp2.Answer answer = client.ask(
                    wire.server.uri().resolve("/net.Orchestrator/" + method),
                    "POST",
                    List.of(Map.entry("content-type", "application/grpc")),
                    body);
            assertEquals(200, answer.status());
            assertTrue(Set.of("2", "8", "13").contains(answer.trailer("grpc-status")), "run " + run);
        }
    }

    @Test
    void anEndOfNoSessionIsAnInvalidToken() throws Exception {
        RawHttp2.Answer answer = client.ask(
                wire.server.uri().resolve("/net.Orchestrator/EndTranscodingSession"),
                "POST",
                List.of(Map.entry("content-type", "application/grpc")),
                new byte[5]);
        assertEquals("2", answer.trailer("grpc-status"));
        assertEquals("Invalid auth token", answer.trailer("grpc-message"));
    }

    private static RawHttp2.Answer segment(String segment, String payment) throws Exception {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("livepeer-segment", segment));
        headers.add(Map.entry("livepeer-payment", payment));
        headers.add(Map.entry("content-type", "video/MP2T"));
        return client.ask(wire.server.uri().resolve("/segment"), "POST", headers, new byte[] {1, 2, 3});
    }

    private static String header(String capture, String name) {
        return Capture.header(Capture.json(capture).getAsJsonObject("request"), name).orElseThrow();
    }

    /** Half of them damaged inside base64, half of them in its text. */
    private static String damaged(String good, Random random) {
        if (random.nextBoolean()) {
            return Base64.getEncoder().encodeToString(damaged(Base64.getDecoder().decode(good), random));
        }
        StringBuilder text = new StringBuilder(good.substring(0, random.nextInt(good.length())));
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString();
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextBoolean() ? good.length : random.nextInt(good.length));
        for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
