package io.millrace.livepeer.ai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.api.gateway.JobGate;
import io.millrace.api.job.Failure;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.call.TestLinks;
import io.millrace.livepeer.serve.StreamServlet;
import io.millrace.livepeer.serve.WireFixture;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.WireServer;
import io.millrace.testkit.AiRunner;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.InMemoryObjectStore;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AI requests and jobs, as go-livepeer's nodes sent them and were answered, and as ours do. */
class AiWireTest {

    private static final String JOBS = "ai-batch/gateway-orchestrator/";
    private static final String CLIENTS = "ai-batch/client-gateway/";
    private static final InMemoryBudget HEAP = InMemoryBudget.ample();
    private static final InMemoryObjectStore RESULTS = new InMemoryObjectStore();
    private static final AiOrchestrator ORCHESTRATOR = new AiOrchestrator();
    private static final OneOrchestrator GATE = new OneOrchestrator();

    private static WireServer service;
    private static WireServer http;
    private static TestLinks links;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path keys, @TempDir Path otherKeys) throws Exception {
        NoAccount identity = new NoAccount();
        Map<String, Servlet> jobs = new HashMap<>(Map.of("/stream/*", new StreamServlet(ORCHESTRATOR.store)));
        Map<String, Servlet> requests = new HashMap<>(Map.of("/results/*", new ResultsServlet(RESULTS)));
        for (AiPipeline pipeline : AiPipeline.values()) {
            jobs.put("/" + pipeline.wireName(), new AiJobServlet(ORCHESTRATOR, identity, HEAP));
            requests.put("/" + pipeline.wireName(), new AiServlet(true, GATE, RESULTS, HEAP));
        }
        service = new WireServer(keys, jobs);
        http = new WireServer(otherKeys, requests);
        links = new TestLinks(identity);
        client = WireFixture.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        links.close();
        http.close();
        service.close();
    }

    @AfterEach
    void nothingStaysCharged() {
        ORCHESTRATOR.answers(Optional.empty());
        HEAP.limit(1L << 40);
    }

    // -- as recorded

    @ParameterizedTest
    @CsvSource({
        "003-POST-text-to-image, 27, stabilityai/sdxl-turbo, 262144",
        "005-POST-image-to-image, 28, stabilityai/sdxl-turbo, 4096",
        "007-POST-image-to-video, 29, stabilityai/stable-video-diffusion-img2vid-xt, 14745600",
        "009-POST-upscale, 30, stabilityai/stable-diffusion-x4-upscaler, 4096",
        "012-POST-audio-to-text, 31, openai/whisper-large-v3, 2000",
        "013-POST-segment-anything-2, 32, facebook/sam2-hiera-large, 4096",
        "014-POST-image-to-text, 34, Salesforce/blip-image-captioning-large, 4096",
        "016-POST-text-to-speech, 36, parler-tts/parler-tts-large-v1, 5000",
        "018-POST-llm, 33, meta-llama/llama-3.1-8B-Instruct, 16",
        "019-POST-text-to-image, 27, stabilityai/sdxl-turbo, 524288",
        "022-POST-text-to-image, 27, stabilityai/sdxl-turbo, 81920",
        "024-POST-image-to-image, 28, stabilityai/sdxl-turbo, 4096",
        "026-POST-llm, 33, meta-llama/llama-3.1-8B-Instruct, 16",
    })
    void aJobOfGoLivepeersGatewayIsReadAndAnsweredAsItsOrchestratorDid(
            String name, int capability, String model, long units) throws Exception {
        JsonObject recorded = Capture.json(JOBS + name + ".json");
        byte[] expected = Capture.bytes(JOBS + name + ".response.bin");
        ORCHESTRATOR.answers(Optional.of(job -> AiOrchestrator.recorded(new String(expected, StandardCharsets.UTF_8))));

        HttpResponse<String> response = replay(recorded.getAsJsonObject("request"), JOBS + name);

        assertEquals(200, response.statusCode(), response.body());
        Job job = ORCHESTRATOR.last;
        Payload.Request payload = assertInstanceOf(Payload.Request.class, job.payload());
        assertEquals(capability, payload.capability());
        assertEquals(model, payload.model());
        assertEquals(units, payload.units().orElseThrow());
        assertTrue(job.spec().needs().orElseThrow().models().get(capability).containsKey(model));
        assertNotNull(ORCHESTRATOR.token.orElseThrow().session());
        assertEquals(header(recorded.getAsJsonObject("response"), "content-type"), contentType(response));
        String here = new String(expected, StandardCharsets.UTF_8)
                .replace("https://127.0.0.1:19002", service.uri().toString());
        assertEquals(here, response.body());
        assertSameBody(Capture.bytes(JOBS + name + ".request.bin"), read(job));
    }

    @ParameterizedTest
    @CsvSource({
        "001-valid-text-to-image, 003-POST-text-to-image",
        "002-valid-image-to-image, 005-POST-image-to-image",
        "003-valid-image-to-video, 007-POST-image-to-video",
        "004-valid-upscale, 009-POST-upscale",
        "005-valid-audio-to-text, 012-POST-audio-to-text",
        "006-valid-segment-anything-2, 013-POST-segment-anything-2",
        "007-valid-image-to-text, 014-POST-image-to-text",
        "008-valid-text-to-speech, 016-POST-text-to-speech",
        "009-valid-llm, 018-POST-llm",
        "010-valid-text-to-image-two, 019-POST-text-to-image",
        "011-valid-text-to-image-full, 022-POST-text-to-image",
        "012-valid-image-to-image-full, 024-POST-image-to-image",
        "013-valid-llm-stream, 026-POST-llm",
        "015-valid-unknown-field, 027-POST-text-to-image",
    })
    void aClientsRequestIsHandedInAsGoLivepeersGatewayDoes(String client, String job) throws Exception {
        byte[] answer = Capture.bytes(JOBS + job + ".response.bin");
        ORCHESTRATOR.answers(Optional.of(its -> AiOrchestrator.recorded(new String(answer, StandardCharsets.UTF_8))));
        JsonObject recorded = Capture.json(CLIENTS + client + ".json");

        HttpResponse<String> response = request(recorded.getAsJsonObject("request"), CLIENTS + client);

        assertEquals(200, response.statusCode(), response.body());
        assertSameBody(Capture.bytes(JOBS + job + ".request.bin"), read(ORCHESTRATOR.last));
        String expected = new String(Capture.bytes(CLIENTS + client + ".response.bin"), StandardCharsets.UTF_8);
        String path = "/(stream|results)/[0-9a-f/]+\\.";
        assertEquals(expected.replaceAll(path, "/PATH."), response.body().replaceAll(path, "/PATH."));
        for (String url : response.body().split("\"url\":\"")) {
            if (url.startsWith("/results/")) {
                HttpResponse<byte[]> medium = get(url.substring(0, url.indexOf('"')));
                assertEquals(200, medium.statusCode());
                assertTrue(medium.body().length > 0);
            }
        }
    }

    @Test
    void whatAnOrchestratorSaysOfARunnerThatFailedIsUnderstood() throws Exception {
        for (String name : Capture.list("ai-batch/orchestrator-errors", ".json")) {
            JsonObject response = Capture.json(name).getAsJsonObject("response");
            if (response == null || !response.has("status") || response.get("status").getAsInt() != 500) {
                continue;
            }
            String text = new String(Capture.bytes(name.replace(".json", ".response.bin")), StandardCharsets.UTF_8).strip();
            ORCHESTRATOR.answers(Optional.of(job -> new Completion.Failed(
                    new Failure(Failure.Kind.PEER, text), Optional.empty())));
            HttpResponse<String> answer = post("/llm", "application/json", llm("hi"));
            boolean bad = text.contains("returned 400");
            assertEquals(bad ? 400 : 503, answer.statusCode(), text);
            assertEquals(
                    bad
                            ? "{\"error\":{\"message\":\": told to fail with 400\"}}\n"
                            : "{\"error\":{\"message\":\"Service Unavailable Error\"}}\n",
                    answer.body());
        }
    }

    @Test
    void anOlderGatewayFindsItsImageInTheAnswer() throws Exception {
        byte[] expected = Capture.bytes(JOBS + "003-POST-text-to-image.response.bin");
        ORCHESTRATOR.answers(Optional.of(job -> AiOrchestrator.recorded(new String(expected, StandardCharsets.UTF_8))));
        JsonObject request = Capture.json(JOBS + "003-POST-text-to-image.json").getAsJsonObject("request");
        request.getAsJsonArray("headers").asList().removeIf(
                header -> header.getAsJsonArray().get(0).getAsString().equals("authorization"));
        HttpResponse<String> response = replay(request, JOBS + "003-POST-text-to-image");
        assertTrue(response.body().contains("data:image/png;base64,"), response.body());
    }

    // -- what is refused

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/text-to-image | application/json | '' | EOF",
        "/text-to-image | application/json | [] | not a JSON object",
        "/text-to-image | application/json | {\"prompt\":5} | 'prompt' is no text",
        "/text-to-image | application/json | {\"height\":1e400} | 'height' is no whole number",
        "/text-to-image | application/json | {\"height\":-5} | 'height' is -5: give 1 to 1000000",
        "/text-to-image | application/json | {\"num_images_per_prompt\":99999999999} | 'num_images_per_prompt' is 99999999999",
        "/text-to-speech | application/json | {\"text\":\"\"} | text field is required",
        "/llm | application/json | {\"model\":\"m\",\"messages\":[],\"stream\":false,\"max_tokens\":5} | missing required fields",
        "/llm | application/json | {\"model\":\"m\",\"stream\":false,\"max_tokens\":5} | missing required fields",
        "/text-to-image | application/json | {\"num_images_per_prompt\":65} | the request asks for 65 images",
        "/text-to-image | application/json | {\"guidance_scale\":1e300} | 'guidance_scale' is no number of 32 bits",
        "/llm | application/json | {\"messages\":[5]} | a message is an object with role and content",
        "/upscale | application/json | {} | request Content-Type isn't multipart/form-data",
        "/upscale | multipart/form-data | x | no multipart boundary param in Content-Type",
        "/upscale | multipart/form-data; boundary=b | --b | the form cannot be read",
        "/upscale | multipart/form-data; boundary=b | --b-- | the request has no part 'image'",
    })
    void aRequestThatMakesNoSenseIsToldWhy(String path, String type, String body, String reason) throws Exception {
        HttpResponse<String> response = post(path, type, body.getBytes(StandardCharsets.UTF_8));
        assertEquals(400, response.statusCode(), response.body());
        String message = JsonParser.parseString(response.body())
                .getAsJsonObject()
                .getAsJsonObject("error")
                .get("message")
                .getAsString();
        assertTrue(message.startsWith(reason), message);
    }

    @ParameterizedTest
    @CsvSource({"/image-to-text,image,image: unknown format", "/audio-to-text,audio,audio duration calculation failed"})
    void aMediumThatNobodyCanReadIsRefusedBeforeAnybodyIsPaid(String path, String part, String reason) throws Exception {
        HttpResponse<String> response = post(path, form(), form(part, "no medium".getBytes(StandardCharsets.UTF_8)));
        assertEquals("{\"error\":{\"message\":\"" + reason + "\"}}\n", response.body());
        assertEquals(400, response.statusCode());
    }

    @Test
    void anImageThatSaysItIsHugeIsNotDecoded() throws Exception {
        byte[] picture = AiRunner.picture(4, 4);
        // width and height of IHDR
        System.arraycopy(new byte[] {0x7f, -1, -1, -1, 0x7f, -1, -1, -1}, 0, picture, 16, 8);
        byte[] twice = form("image", picture, "num_images_per_prompt", "64");
        HttpResponse<String> response = post("/image-to-image", form(), twice);
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("the image is too large"), response.body());
    }

    @Test
    void aPromptOfMorePartsThanAnAnswerHasImagesIsRefused() throws Exception {
        String parts = "{\"num_images_per_prompt\":2,\"prompt\":\"a" + "|a".repeat(32) + "\"}";
        HttpResponse<String> response =
                post("/text-to-image", "application/json", parts.getBytes(StandardCharsets.UTF_8));
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("the request asks for 66 images"), response.body());
    }

    @Test
    void numbersAreHandedOnAsGoReadsThem() throws Exception {
        ORCHESTRATOR.answers(Optional.of(job -> AiOrchestrator.raw("{}")));
        byte[] request = "{\"prompt\":\"x\",\"height\":512.0,\"width\":1e2}".getBytes(StandardCharsets.UTF_8);
        assertEquals(200, post("/text-to-image", "application/json", request).statusCode());
        String handedOn = new String(read(ORCHESTRATOR.last), StandardCharsets.UTF_8);
        assertTrue(handedOn.contains("\"height\":512,"), handedOn);
        assertTrue(handedOn.contains("\"width\":100}"), handedOn);
    }

    @Test
    void aNumberOfAFormThatIsTooLargeForGoIsRefused() throws Exception {
        byte[] request = form("image", AiRunner.picture(4, 4), "strength", "1e300");
        HttpResponse<String> response = post("/image-to-image", form(), request);
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("overflows destination of type: float32"), response.body());
    }

    @Test
    void aRequestOfCountlessEmptyMessagesIsRefusedAtBothNodes() throws Exception {
        byte[] messages = ("{\"model\":\"m\",\"stream\":false,\"max_tokens\":16,\"messages\":["
                        + "{},".repeat(300_000) + "{}]}")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(413, post("/llm", "application/json", messages).statusCode());
        JsonObject job = Capture.json(JOBS + "018-POST-llm.json").getAsJsonObject("request");
        assertEquals(413, replay(job, messages).statusCode());
        HEAP.limit(16 << 20);
        byte[] fewer = ("{\"messages\":[" + "{},".repeat(50_000) + "{}]}").getBytes(StandardCharsets.UTF_8);
        assertEquals(503, post("/llm", "application/json", fewer).statusCode());
        assertEquals(0, HEAP.used());
    }

    @Test
    void aFormThatIsLargerThanRunnersTakeIsNotRead() {
        HttpServletRequest large = (HttpServletRequest) Proxy.newProxyInstance(
                AiWireTest.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class}, (self, method, args) ->
                        method.getName().equals("getContentLengthLong") ? (Object) (65L << 20) : null);
        AiBody.Refused no = assertThrows(
                AiBody.Refused.class,
                () -> AiBody.read(AiPipeline.UPSCALE, large, HEAP.open("test"), Clock.systemUTC()));
        assertEquals(413, no.status);
    }

    @Test
    void aPromptOfTenMegabytesIsTooLargeAtBothNodes() throws Exception {
        byte[] prompt = ("{\"model_id\":\"m\",\"prompt\":\"" + "x".repeat(10 << 20) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(413, post("/text-to-image", "application/json", prompt).statusCode());
        JsonObject job = Capture.json(JOBS + "003-POST-text-to-image.json").getAsJsonObject("request");
        assertEquals(413, replay(job, prompt).statusCode());
        assertEquals(0, HEAP.used());
    }

    @Test
    void aRequestThatTheMemoryHasNoRoomForIsTurnedAway() throws Exception {
        HEAP.limit(1);
        assertEquals(503, post("/llm", "application/json", llm("hi")).statusCode());
    }

    @Test
    void aRequestNestedWithoutEndIsRefused() throws Exception {
        byte[] nested = ("{\"messages\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        assertEquals(400, post("/llm", "application/json", nested).statusCode());
    }

    @Test
    void aGatewayThatTakesNoAiRequestsHasNoSuchPath(@TempDir Path keys) throws Exception {
        try (WireServer shut = new WireServer(keys, Map.of("/llm", new AiServlet(false, GATE, RESULTS, HEAP)))) {
            HttpRequest request = HttpRequest.newBuilder(shut.uri().resolve("/llm"))
                    .POST(BodyPublishers.ofByteArray(llm("hi")))
                    .build();
            assertEquals(404, client.send(request, BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void anotherMethodThanPostIsRefused() throws Exception {
        HttpRequest get = HttpRequest.newBuilder(http.uri().resolve("/llm")).build();
        assertEquals(405, client.send(get, BodyHandlers.ofString()).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "CAPPED,503,insufficient capacity",
        "BUSY,503,insufficient capacity",
        "UNAVAILABLE,503,insufficient capacity",
        "PAYMENT_BALANCE,400,Insufficient balance",
        "PAYMENT_EXPIRED,400,TicketParams expired",
        "INCOMPATIBLE,403,incompatible capabilities",
        "TOKEN_INVALID,403,invalid auth token",
    })
    void anOrchestratorRefusesInTheWordsOfTheNetwork(Refusal.Reason reason, int status, String text) throws Exception {
        ORCHESTRATOR.refuses(new Refusal(reason, "no"));
        JsonObject request = Capture.json(JOBS + "018-POST-llm.json").getAsJsonObject("request");
        HttpResponse<String> response = replay(request, JOBS + "018-POST-llm");
        assertEquals(text + "\n", response.body());
        assertEquals(status, response.statusCode());

        ORCHESTRATOR.refuses(new Refusal(reason, "no"));
        post("/llm", "application/json", llm("hi"));
        Refusal heard = assertInstanceOf(Refusal.class, GATE.last);
        assertEquals(reason == Refusal.Reason.CAPPED || reason == Refusal.Reason.UNAVAILABLE ? Refusal.Reason.BUSY : reason, heard.reason());
    }

    @Test
    void aJobWithoutAModelOrWithAForgedHeaderIsRefused() throws Exception {
        JsonObject request = Capture.json(JOBS + "003-POST-text-to-image.json").getAsJsonObject("request");
        assertEquals(400, replay(request, "{\"prompt\":\"x\"}".getBytes(StandardCharsets.UTF_8)).statusCode());
        HttpRequest forged = HttpRequest.newBuilder(service.uri().resolve("/llm"))
                .header("Livepeer-Segment", "AAAA")
                .header("Livepeer-Payment", "%%%")
                .POST(BodyPublishers.ofByteArray(llm("hi")))
                .build();
        assertEquals(402, client.send(forged, BodyHandlers.ofString()).statusCode());
    }

    // -- streams and clients that leave

    @Test
    void aStreamEndsWithTheChunkThatGivesAReasonAndWhatNoGatewayCanReadIsLeftOut() throws Exception {
        String good = "data: " + AiRunner.chunk("delta", "a", "") + "\n\n";
        String last = "data: " + AiRunner.chunk("delta", "", "stop") + "\n\n";
        ORCHESTRATOR.answers(Optional.of(job -> AiOrchestrator.streaming(List.of(
                good, "data: {\"choices\":[]}\n\n", "data: {\"usage\":{}}\n\n", "event: x\n\n", last, good))));
        HttpResponse<String> response = post("/llm", "application/json", llm("hi", true));
        assertEquals(good + last, response.body());
        assertEquals("text/event-stream", contentType(response));
    }

    @Test
    void aClientThatLeavesEndsTheWorkOfTheOrchestrator() throws Exception {
        ORCHESTRATOR.hangs();
        http.whenDeparted.clear();
        service.whenDeparted.clear();
        Thread request = Thread.ofVirtual().start(() -> {
            try {
                post("/llm", "application/json", llm("hi"));
            } catch (Exception e) {
                // it is not answered
            }
        });
        assertTrue(ORCHESTRATOR.hanging.tryAcquire(30, TimeUnit.SECONDS));
        http.whenDeparted.poll(30, TimeUnit.SECONDS).run();
        // the gateway's call breaks off, which the orchestrator's server hears of
        service.whenDeparted.poll(30, TimeUnit.SECONDS).run();
        assertTrue(ORCHESTRATOR.givenUp.tryAcquire(30, TimeUnit.SECONDS));
        request.join();
    }

    // -- an orchestrator that answers nonsense

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"images\":[{\"url\":\"file:///etc/passwd\"}]}",
        "{\"images\":[{\"url\":\"data:image/png;base64,***\"}]}",
        "{\"images\":[{\"url\":\"ftp://x/y.png\"}]}",
        "[1]",
        "nonsense",
    })
    void anAnswerThatIsOfNoUseIsAFailureOfThePeer(String answer, @TempDir Path keys) throws Exception {
        assertEquals(Failure.Kind.PEER, failure(200, answer, keys));
    }

    @Test
    void anAnswerThatIsMoreThanThisNodeTakesIsGivenUpAndIsNoFaultOfThePeer(@TempDir Path keys) throws Exception {
        String countless = "{\"logits\":[" + "[],".repeat(300_000) + "[]]}";
        assertEquals(Failure.Kind.BROKEN_OFF, failure(200, countless, keys));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "json: cannot unmarshal number 1e300 into Go struct field GenLLMJSONRequestBody.temperature of type float32",
        "unexpected EOF",
    })
    void aStatus400ThatSaysNothingOfAPaymentIsAFaultOfTheRequest(String text, @TempDir Path keys) throws Exception {
        assertEquals(Failure.Kind.INPUT, failure(400, text, keys));
    }

    private static Failure.Kind failure(int status, String answer, Path keys) throws Exception {
        try (WireServer odd = new WireServer(keys, Map.of("/llm", new Saying(status, answer)))) {
            Submission submission = handIn(odd);
            try (Accepted accepted = assertInstanceOf(Accepted.class, submission)) {
                Completion.Failed failed = assertInstanceOf(Completion.Failed.class, accepted.await(soon()));
                return failed.failure().kind();
            }
        }
    }

    private static Submission handIn(WireServer odd) throws Exception {
        Orchestrator remote = links.link(odd.uri(), Optional.of(odd.uri()));
        AiRequest request = AiRequest.read(
                AiPipeline.LLM, "application/json", Bytes.wrap(llm("hi")), InMemoryBudget.ample().open("test"));
        return remote.submit(Optional.of(AiOrchestrator.TOKEN), request.job(request.spec()), Payment.NONE, soon());
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid ticket signature", "invalid recipientRand for ticket recipientRandHash"})
    void aStatus400AboutAPaymentIsARefusal(String text, @TempDir Path keys) throws Exception {
        try (WireServer odd = new WireServer(keys, Map.of("/llm", new Saying(400, text)))) {
            Refusal refusal = assertInstanceOf(Refusal.class, handIn(odd));
            assertEquals(Refusal.Reason.PAYMENT, refusal.reason());
        }
    }

    /** Answers everything with the same text. */
    private static final class Saying extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private final int status;
        private final String text;

        Saying(int status, String text) {
            this.status = status;
            this.text = text;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setStatus(status);
            response.setContentType("application/json");
            response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    // -- helpers

    private static byte[] llm(String content) {
        return llm(content, false);
    }

    private static byte[] llm(String content, boolean streaming) {
        return ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}],\"stream\":" + streaming
                + ",\"max_tokens\":16}").getBytes(StandardCharsets.UTF_8);
    }

    private static String form() {
        return "multipart/form-data; boundary=b";
    }

    private static byte[] form(String part, byte[] data, String... field) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Multipart.write(out, "b", part, new Multipart.File("in", Bytes.wrap(data)));
        for (int i = 0; i < field.length; i += 2) {
            Multipart.write(out, "b", field[i], field[i + 1]);
        }
        out.writeBytes("--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(http.uri().resolve(path))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(http.uri().resolve(path)).build(), BodyHandlers.ofByteArray());
    }

    private static HttpResponse<String> request(JsonObject request, String name) throws Exception {
        return post(
                request.get("path").getAsString(),
                request.getAsJsonObject("headers").get("Content-Type").getAsString(),
                Capture.bytes(name + ".request.bin"));
    }

    private static HttpResponse<String> replay(JsonObject request, String name) throws Exception {
        return replay(request, Capture.bytes(name + ".request.bin"));
    }

    private static HttpResponse<String> replay(JsonObject request, byte[] body) throws Exception {
        HttpRequest.Builder builder = HttpRequest.newBuilder(service.uri().resolve(request.get("path").getAsString()))
                .POST(BodyPublishers.ofByteArray(body));
        for (String header : List.of("livepeer-segment", "livepeer-payment", "authorization", "content-type")) {
            Capture.header(request, header).ifPresent(value -> builder.header(header, value));
        }
        return client.send(builder.build(), BodyHandlers.ofString());
    }

    private static String header(JsonObject message, String name) {
        return Capture.header(message, name).orElseThrow();
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElseThrow();
    }

    private static byte[] read(Job job) {
        return assertInstanceOf(Body.Read.Received.class, job.body().read(Long.MAX_VALUE)).bytes().unsafeArray();
    }

    /** Byte for byte, but for the boundary, which is drawn. */
    private static void assertSameBody(byte[] expected, byte[] actual) {
        assertArrayEquals(withoutBoundary(expected), withoutBoundary(actual), () -> new String(actual, StandardCharsets.UTF_8));
    }

    private static byte[] withoutBoundary(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return text.replaceAll("--[0-9a-f]{60}", "--BOUNDARY").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Hands each request to the orchestrator at the other end of the wire. */
    private static final class OneOrchestrator implements JobGate {

        volatile Submission last;

        @Override
        public Completion request(Job job, Deadline deadline) {
            Orchestrator remote = links.link(service.uri(), Optional.of(service.uri()));
            last = remote.submit(Optional.of(AiOrchestrator.TOKEN), job, Payment.NONE, deadline);
            return switch (last) {
                case Accepted accepted -> accepted.await(deadline);
                case Refusal refusal -> failed(Failure.Kind.BUSY, refusal.message());
                case Submission.NotSent notSent -> failed(Failure.Kind.PEER, notSent.message());
            };
        }

        private static Completion failed(Failure.Kind kind, String message) {
            return new Completion.Failed(new Failure(kind, message), Optional.empty());
        }

        @Override
        public LiveOpening open(LiveSpec spec, Deadline deadline) {
            throw new AssertionError("nobody opens sessions here");
        }
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20), Clock.systemUTC());
    }
}
