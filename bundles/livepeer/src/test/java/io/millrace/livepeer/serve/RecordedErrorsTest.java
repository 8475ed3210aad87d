package io.millrace.livepeer.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.Wallet;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.support.RawHttp2;
import io.millrace.livepeer.support.TestAccount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a real orchestrator answered to requests that are wrong in some way, our servlets answer too:
 * same status, same text, same trailers. Signatures are verified for real. What only the kernel can
 * know (tokens, capabilities, tickets) the scripted orchestrator refuses as the kernel would.
 */
class RecordedErrorsTest {

    private static final Map<String, Refusal.Reason> KERNEL = Map.of(
            "OrchestratorCapped", Refusal.Reason.CAPPED,
            "incompatible capabilities", Refusal.Reason.INCOMPATIBLE,
            "missing auth token", Refusal.Reason.TOKEN_MISSING,
            "invalid auth token", Refusal.Reason.TOKEN_INVALID,
            "expired auth token", Refusal.Reason.TOKEN_EXPIRED);
    /** Recorded shortened, without an answer that is an error, or of a route that is another bundle's. */
    private static final Set<String> LEFT_OUT = Set.of(
            "errors/ticket_600_nonces_wrong_hash.json",
            "errors/ticket_601_nonces.json",
            "errors/payment_route.json",
            "errors/body_empty.json",
            "errors/body_not_video.json");

    private static WireFixture onchain;
    private static WireFixture offchain;
    private static RawHttp2 client;

    @BeforeAll
    static void start(@TempDir Path first, @TempDir Path second) throws Exception {
        Wallet account = new TestAccount("fad9c8855b740a0b7ed4c221dbad0f33a83a49cad6b3fe8d5817ac83d38b6a19");
        onchain = new WireFixture(first, account);
        offchain = new WireFixture(second, new NoAccount());
        client = new RawHttp2();
    }

    @BeforeEach
    void reset() {
        onchain.orchestrator.reset();
        offchain.orchestrator.reset();
    }

    @AfterAll
    static void stop() {
        client.close();
        onchain.close();
        offchain.close();
    }

    static Stream<String> segments() {
        return recorded(
                name -> path(name).equals("/segment") || path(name).equals("/payment") || path(name).equals("/nosuch")
                        || path(name).startsWith("/stream/") || path(name).equals("/transcodeResults"));
    }

    static Stream<String> calls() {
        return recorded(name -> path(name).startsWith("/net."));
    }

    @ParameterizedTest
    @MethodSource("segments")
    void aWrongRequestIsAnsweredAsItWas(String name) throws Exception {
        JsonObject exchange = Capture.json(name);
        JsonObject expected = exchange.getAsJsonObject("response");
        String text = new String(Capture.body(expected), StandardCharsets.UTF_8);
        WireFixture wire = name.contains("token_expired") ? offchain : onchain;
        scriptKernel(wire, status(expected), text.strip());
        RawHttp2.Answer answer = ask(wire, exchange);
        assertEquals(status(expected), answer.status());
        assertEquals(text, new String(answer.body(), StandardCharsets.UTF_8));
        for (String header : List.of("x-content-type-options", "content-length", "cache-control")) {
            assertEquals(Capture.header(expected, header).orElse(null), answer.headers().get(header), header);
        }
        assertEquals(
                Capture.header(expected, "content-type").orElseThrow().replace(" ", ""),
                answer.headers().get("content-type").replace(" ", ""));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aCallIsAnsweredAsItWas(String name) throws Exception {
        JsonObject exchange = Capture.json(name);
        JsonObject expected = exchange.getAsJsonObject("response");
        String status = Capture.trailer(expected, "grpc-status").orElse(null);
        String message = Capture.trailer(expected, "grpc-message").orElse(null);
        if ("insufficient sender reserve".equals(message)) {
            onchain.orchestrator.refuse(Refusal.Reason.PAYMENT, message);
        }
        RawHttp2.Answer answer = ask(onchain, exchange);
        assertEquals(status(expected), answer.status());
        if (name.contains("end_session_unknown_but_valid_token")) {
            // the token is of another orchestrator; here only its own are valid
            assertEquals("Invalid auth token", answer.trailer("grpc-message"));
            return;
        }
        assertEquals(status, answer.trailer("grpc-status"));
        assertEquals(message, answer.trailer("grpc-message"));
        if (status == null) {
            assertArrayEquals(Capture.body(expected), answer.body());
            assertEquals("POST", answer.headers().get("allow"));
        } else {
            assertEquals("application/grpc", answer.headers().get("content-type"));
            assertEquals(
                    List.of("Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"),
                    answer.headers().getValuesList("trailer"));
        }
    }

    private static void scriptKernel(WireFixture wire, int status, String text) {
        Refusal.Reason reason = status == 400 && !text.equals("BadRequest") ? Refusal.Reason.PAYMENT : KERNEL.get(text);
        if (reason != null) {
            wire.orchestrator.refuse(reason, text);
        }
    }

    private static RawHttp2.Answer ask(WireFixture wire, JsonObject exchange) throws Exception {
        JsonObject request = exchange.getAsJsonObject("request");
        JsonArray line = request.getAsJsonArray("line");
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (JsonElement header : request.getAsJsonArray("headers")) {
            String name = header.getAsJsonArray().get(0).getAsString();
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                headers.add(Map.entry(name, header.getAsJsonArray().get(1).getAsString()));
            }
        }
        return client.ask(
                wire.server.uri().resolve(line.get(1).getAsString()),
                line.get(0).getAsString(),
                headers,
                Capture.body(request));
    }

    private static Stream<String> recorded(Predicate<String> which) {
        return Capture.list("errors", ".json").stream().filter(name -> !LEFT_OUT.contains(name)).filter(which);
    }

    private static String path(String name) {
        return Capture.json(name)
                .getAsJsonObject("request")
                .getAsJsonArray("line")
                .get(1)
                .getAsString();
    }

    private static int status(JsonObject response) {
        return response.getAsJsonArray("line").get(1).getAsInt();
    }
}
