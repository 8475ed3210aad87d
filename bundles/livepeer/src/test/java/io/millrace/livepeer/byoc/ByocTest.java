package io.millrace.livepeer.byoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.api.gateway.JobGate;
import io.millrace.api.job.Failure;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.call.TestLinks;
import io.millrace.livepeer.serve.WireFixture;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.WireServer;
import io.millrace.testkit.InMemoryBudget;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs for third parties' capabilities, as go-livepeer nodes sent them and as ours do. */
class ByocTest {

    private static final EchoOrchestrator ORCHESTRATOR = new EchoOrchestrator();

    private static final InMemoryBudget HEAP = InMemoryBudget.ample();

    private static WireServer service;
    private static WireServer http;
    private static TestLinks links;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path keys, @TempDir Path otherKeys) throws Exception {
        NoAccount identity = new NoAccount();
        service = new WireServer(keys, Map.of(
                "/process/token", new TokenServlet(ORCHESTRATOR, identity),
                "/process/request/*", new ProcessServlet(ORCHESTRATOR, identity, HEAP)));
        ORCHESTRATOR.endpoint = service.uri();
        links = new TestLinks(identity);
        http = new WireServer(otherKeys, Map.of("/process/request/*", new ProcessRequestServlet(new OneOrchestrator(), HEAP)));
        client = WireFixture.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        links.close();
        http.close();
        service.close();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20), Clock.systemUTC());
    }

    /** A recorded request, sent to ours. */
    private static HttpResponse<String> replay(String name) throws Exception {
        JsonObject request = Capture.json("byoc/" + name + ".json").getAsJsonObject("request");
        boolean post = request.get("method").getAsString().equals("POST");
        HttpRequest.Builder builder = HttpRequest.newBuilder(service.uri().resolve(request.get("path").getAsString()))
                .method(
                        request.get("method").getAsString(),
                        post
                                ? BodyPublishers.ofByteArray(Capture.bytes("byoc/" + name + ".request.bin"))
                                : BodyPublishers.noBody());
        for (String header : new String[] {"livepeer", "livepeer-eth-address", "livepeer-capability", "content-type"}) {
            Capture.header(request, header).ifPresent(value -> builder.header(header, value));
        }
        return client.send(builder.build(), BodyHandlers.ofString());
    }

    private static void assertAsRecorded(String name, HttpResponse<String> response) {
        JsonObject recorded = Capture.json("byoc/" + name + ".json").getAsJsonObject("response");
        assertEquals(recorded.get("status").getAsInt(), response.statusCode());
        assertEquals(
                Capture.header(recorded, "content-type").orElseThrow().replace(" ", ""),
                response.headers().firstValue("content-type").orElseThrow().replace(" ", ""));
        assertEquals(
                Capture.header(recorded, "livepeer-balance"), response.headers().firstValue("livepeer-balance"));
    }

    @Test
    void aTokenIsWhatGoLivepeerAnswers() throws Exception {
        HttpResponse<String> response = replay("004-GET-process_token");

        assertAsRecorded("004-GET-process_token", response);
        String expected = new String(Capture.bytes("byoc/004-GET-process_token.response.bin"), StandardCharsets.UTF_8)
                .replace("https://127.0.0.1:19002", service.uri().toString());
        assertEquals(expected, response.body());
    }

    @Test
    void anOffChainGatewayNeedsNoSignature() throws Exception {
        // go-livepeer refuses what its own gateways send off-chain
        HttpResponse<String> response = replay("003-GET-process_token");
        assertEquals(200, response.statusCode());
        assertEquals(2, JsonParser.parseString(response.body()).getAsJsonObject().get("available_capacity").getAsInt());
    }

    @Test
    void aJobIsDoneAndItsSessionEnds() throws Exception {
        ORCHESTRATOR.ended.clear();
        HttpResponse<String> response = replay("005-POST-process_request_echo");

        assertAsRecorded("005-POST-process_request_echo", response);
        assertEquals("echo-cap echo application/json {\"hello\":1}", response.body());
        assertNotNull(ORCHESTRATOR.ended.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void aJobThatFailsIsAnsweredInItsOwnWords() throws Exception {
        HttpResponse<String> response = replay("009-POST-process_request_fail");
        assertEquals(400, response.statusCode());
        assertEquals("{\"detail\":\"worker says no\"}\n", response.body());
    }

    @Test
    void aCapabilityThatIsNotHereHasNoCapacity() throws Exception {
        HttpResponse<String> response = replay("025-POST-process_request_echo");
        assertAsRecorded("025-POST-process_request_echo", response);
        assertEquals(
                new String(Capture.bytes("byoc/025-POST-process_request_echo.response.bin"), StandardCharsets.UTF_8),
                response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"request\":\"{}\",\"capability\":\"echo-cap\"} | no timeout_seconds set with request, timeout_seconds is required",
        "{\"request\":\"{\",\"capability\":\"echo-cap\",\"timeout_seconds\":5} | Unable to unmarshal job request details err=",
        "{\"request\":{},\"capability\":\"echo-cap\",\"timeout_seconds\":5} | Could not verify job creds",
        "{\"request\":\"{}\",\"capability\":\"echo-cap\",\"timeout_seconds\":1e99} | Could not verify job creds",
        "[] | Could not verify job creds",
    })
    void aHeaderThatMakesNoSenseIsRefused(String header, String text) throws Exception {
        HttpResponse<String> response = post(service.uri(), "echo", header);
        assertEquals(400, response.statusCode());
        assertTrue(response.body().startsWith(text), response.body());
    }

    @ParameterizedTest
    @CsvSource({"two\\r\\nlines", "caf\\u00e9", "' padded'", "''"})
    void aCapabilityWhoseNameDoesNotGoIntoAHeaderIsRefused(String name) throws Exception {
        HttpResponse<String> response = post(http.uri(), "echo", job(name));
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("capability"), response.body());
    }

    @Test
    void aHeaderNestedWithoutEndIsRefused() throws Exception {
        assertEquals(400, post(service.uri(), "echo", "{\"id\":" + "[".repeat(20_000)).statusCode());
    }

    @Test
    void aGatewaysJobReachesTheCapabilityAndItsAnswerComesBack() throws Exception {
        HttpResponse<String> response = post(http.uri(), "some/path", job("echo-cap"));
        assertEquals("echo-cap some/path text/plain hello", response.body());
        assertEquals(200, response.statusCode());
        assertEquals(Optional.of("application/json"), response.headers().firstValue("Content-Type"));
    }

    @ParameterizedTest
    @CsvSource({"fail,400,{\"detail\":\"worker says no\"}", "break,500,worker broke down"})
    void aGatewaySaysWhatWentWrong(String path, int status, String text) throws Exception {
        HttpResponse<String> response = post(http.uri(), path, job("echo-cap"));
        assertEquals(text + "\n", response.body());
        assertEquals(status, response.statusCode());
    }

    @Test
    void aGatewayRefusesWhatItWouldHaveToPassOver() throws Exception {
        String chosen = "{\"request\":\"{}\",\"parameters\":\"{\\\"orchestrators\\\":{\\\"include\\\":[\\\"x\\\"]}}\","
                + "\"capability\":\"echo-cap\",\"timeout_seconds\":5}";
        HttpResponse<String> response = post(http.uri(), "echo", chosen);
        assertEquals(400, response.statusCode());
        assertTrue(response.body().startsWith("orchestrators cannot be included or excluded"), response.body());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aJobThatFindsNoMemoryIsToldSoAndNotThatItIsWrong(boolean atTheGateway) throws Exception {
        HEAP.limit(1);
        try {
            HttpResponse<String> response =
                    post(atTheGateway ? http.uri() : service.uri(), "echo", job("echo-cap"));
            assertEquals(503, response.statusCode());
            assertTrue(response.body().contains("no memory"), response.body());
        } finally {
            HEAP.limit(1L << 40);
        }
        assertEquals(0, HEAP.used());
    }

    @Test
    void eventsPassOneByOneWhileTheJobIsAtWork() throws Exception {
        HttpResponse<InputStream> response = client.send(
                request(http.uri(), "stream", job("echo-cap"))
                        .header("Accept", "text/event-stream")
                        .build(),
                BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertEquals(Optional.of("text/event-stream"), response.headers().firstValue("Content-Type"));
        for (int i = 1; i <= 3; i++) {
            ORCHESTRATOR.events.release();
            String event = "data: " + i + "\n\n";
            assertEquals(event, new String(response.body().readNBytes(event.length()), StandardCharsets.UTF_8));
        }
        assertEquals(-1, response.body().read());
        assertTrue(ORCHESTRATOR.givenUp.tryAcquire(20, TimeUnit.SECONDS), "the stream was not closed");
    }

    @Test
    void aClientThatLeavesTakesItsJobWithIt() throws Exception {
        service.whenDeparted.clear();
        var response = client.sendAsync(
                request(service.uri(), "hang", job("echo-cap")).build(), BodyHandlers.ofString());
        assertTrue(ORCHESTRATOR.hanging.tryAcquire(20, TimeUnit.SECONDS));
        service.whenDeparted.take().run();
        assertTrue(ORCHESTRATOR.givenUp.tryAcquire(20, TimeUnit.SECONDS), "the job goes on");
        assertEquals(500, response.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void aGatewaysClientThatLeavesTakesItsJobWithIt() throws Exception {
        http.whenDeparted.clear();
        service.whenDeparted.clear();
        var response = client.sendAsync(
                request(http.uri(), "hang", job("echo-cap")).build(), BodyHandlers.ofString());
        assertTrue(ORCHESTRATOR.hanging.tryAcquire(20, TimeUnit.SECONDS));
        http.whenDeparted.take().run();
        assertEquals(500, response.get(20, TimeUnit.SECONDS).statusCode());
        // Here it is the test that tells the orchestrator that its gateway has left.
        service.whenDeparted.take().run();
        assertTrue(ORCHESTRATOR.givenUp.tryAcquire(20, TimeUnit.SECONDS), "the job goes on");
    }

    @Test
    void aRequestWithoutItsHeaderIsToldSo() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(http.uri().resolve("/process/request/echo"))
                        .POST(BodyPublishers.ofString("hello"))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(400, response.statusCode());
        assertTrue(response.body().startsWith("the request has no Livepeer header"), response.body());
    }

    @Test
    void anOrchestratorWithoutTheCapabilityIsNoCandidate() {
        assertInstanceOf(
                Refusal.class, links.link(service.uri(), Optional.of(service.uri())).quote(JobRequest.needing("another"), Caller.ANONYMOUS, soon()));
    }

    private static String job(String capability) {
        return "{\"request\":\"{}\",\"parameters\":\"{}\",\"capability\":\"" + capability
                + "\",\"timeout_seconds\":10}";
    }

    private static HttpResponse<String> post(URI node, String path, String header) throws Exception {
        return client.send(request(node, path, header).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(URI node, String path, String header) {
        return HttpRequest.newBuilder(node.resolve("/process/request/" + path))
                .header("Livepeer", Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("hello"));
    }

    /** A gateway's inside, as short as it can be: the one orchestrator is asked and does it. */
    private static final class OneOrchestrator implements JobGate {

        @Override
        public Completion request(Job job, Deadline deadline) {
            Orchestrator remote = links.link(service.uri(), Optional.of(service.uri()));
            Offer offer = (Offer) remote.quote(job.spec(), Caller.ANONYMOUS, deadline);
            assertTrue(job.spec().needs().orElseThrow().compatibleWith(offer.capabilities()));
            Submission submission = remote.submit(Optional.of(offer.token()), job, Payment.NONE, deadline);
            assertEquals(Optional.empty(), remote.end(offer.token(), deadline));
            return switch (submission) {
                case Accepted accepted -> accepted.await(deadline);
                case Refusal refusal -> CompletedJob.failed(Failure.Kind.BUSY, refusal.message());
                case Submission.NotSent notSent -> CompletedJob.failed(Failure.Kind.PEER, notSent.message());
            };
        }

        @Override
        public LiveOpening open(LiveSpec spec, Deadline deadline) {
            throw new AssertionError("nobody opens sessions here");
        }
    }
}
