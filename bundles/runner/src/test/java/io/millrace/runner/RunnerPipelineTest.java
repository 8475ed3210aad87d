package io.millrace.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.AiRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real runner may do, and what becomes of its capacity then. */
class RunnerPipelineTest {

    private static final Bytes INPUT = Bytes.utf8("{}");

    private final RunnerRig rig = new RunnerRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private Result run(String pipeline) {
        rig.models(rig.entry(pipeline, "m", ""));
        try (PipelineSession session = rig.reserve(pipeline, "m")) {
            return session.run(request(pipeline, false), INPUT, RunnerRig.soon());
        } finally {
            assertEquals(1, free(pipeline));
            assertEquals(0, rig.heap.used());
        }
    }

    private static Payload.Request request(String pipeline, boolean streaming) {
        return Payload.Request.of(Capability.ofPipeline(pipeline).orElseThrow(), "m")
                .streaming(streaming)
                .units(16)
                .build();
    }

    private int free(String pipeline) {
        Capabilities said = rig.pipeline.capabilities();
        return said.models()
                .get(Capability.ofPipeline(pipeline).orElseThrow())
                .get("m")
                .capacity();
    }

    private static Failure failed(Result result) {
        return assertInstanceOf(Result.Failed.class, result).failure();
    }

    // -- what is offered

    @Test
    void aModelIsOfferedWhileItsRunnerIsReadyAndWithTheCapacityThatIsFree() {
        rig.runner.health("LOADING");
        rig.models(rig.entry("llm", "m", "\"capacity\":2"));
        assertEquals(List.of(), rig.pipeline.capabilities().ids());
        assertInstanceOf(
                Reservation.Capped.class,
                rig.pipeline.reserve(new SessionId("s"), RunnerRig.spec(Capability.LLM, "m")));
        rig.runner.health("IDLE");
        int before = rig.changes.get();
        rig.pipeline.look();
        assertTrue(rig.changes.get() > before);
        assertEquals(2, free("llm"));
        PipelineSession one = rig.reserve("llm", "m");
        PipelineSession other = rig.reserve("llm", "m");
        assertEquals(0, free("llm"));
        assertInstanceOf(
                Reservation.Capped.class,
                rig.pipeline.reserve(new SessionId("s"), RunnerRig.spec(Capability.LLM, "m")));
        one.close();
        one.close();
        assertEquals(1, free("llm"));
        other.close();
        rig.runner.health("ERROR");
        rig.pipeline.look();
        assertEquals(List.of(), rig.pipeline.capabilities().ids());
    }

    @Test
    void aRunnerThatIsGoneIsNoLongerOffered() {
        rig.models(rig.entry("llm", "m", ""));
        assertEquals(List.of(Capability.LLM), rig.pipeline.capabilities().ids());
        rig.runner.close();
        rig.pipeline.look();
        assertEquals(List.of(), rig.pipeline.capabilities().ids());
        assertTrue(rig.pipeline.detail().contains("it does not answer"), rig.pipeline.detail());
    }

    @Test
    void aRunnerWhoseWordOfItselfDoesNotEndKeepsNobodyElseFromBeingAsked() throws Exception {
        try (AiRunner odd = new AiRunner(0)) {
            CountDownLatch end = new CountDownLatch(1);
            odd.answer("/health", (exchange, request) -> {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            rig.models(
                    rig.entry("llm", "m", ""),
                    "{\"pipeline\":\"upscale\",\"model_id\":\"u\",\"url\":\"" + odd.url() + "\"}");
            assertEquals(List.of(Capability.LLM), rig.pipeline.capabilities().ids());
            rig.pipeline.look();
            assertTrue(rig.pipeline.detail().contains("it does not answer"), rig.pipeline.detail());
            end.countDown();
        }
    }

    @Test
    void aRunnersVersionIsToldWhereItIsThatOfTheModel() {
        rig.runner.answer("/version", 200, "{\"pipeline\":\"llm\",\"model_id\":\"m\",\"version\":\"0.14.1\"}");
        rig.models(rig.entry("llm", "m", ""), rig.entry("upscale", "u", ""));
        Map<Integer, Map<String, Capabilities.Model>> models = rig.pipeline.capabilities().models();
        assertEquals("0.14.1", models.get(Capability.LLM).get("m").runnerVersion());
        assertEquals("", models.get(Capability.UPSCALE).get("u").runnerVersion());
    }

    @Test
    void aPriceOfTheFileIsThatOfItsModel() {
        rig.models(
                rig.entry("llm", "m", "\"price_per_unit\":7,\"pixels_per_unit\":2"),
                rig.entry("upscale", "u", ""));
        assertEquals(Map.of(Capability.LLM, Map.of("m", Price.of(7, 2))), rig.pipeline.prices());
    }

    @Test
    void theFileIsReadAgainWhenItChangesAndJobsThatRunGoOn() throws Exception {
        rig.models(rig.entry("llm", "m", ""));
        PipelineSession running = rig.reserve("llm", "m");
        rig.models(rig.entry("image-to-text", "n", ""));
        assertEquals(List.of(Capability.IMAGE_TO_TEXT), rig.pipeline.capabilities().ids());
        assertInstanceOf(
                Result.Made.class, running.run(request("llm", false), INPUT, RunnerRig.soon()));
        running.close();
        Files.writeString(rig.file, "[{\"pipeline\":");
        rig.pipeline.look();
        assertEquals(List.of(Capability.IMAGE_TO_TEXT), rig.pipeline.capabilities().ids());
        assertTrue(rig.pipeline.detail().contains("is not used"), rig.pipeline.detail());
    }

    @Test
    void aModelThatStaysInTheFileKeepsCountOfItsJobs() {
        rig.models(rig.entry("llm", "m", ""));
        PipelineSession running = rig.reserve("llm", "m");
        rig.models(rig.entry("llm", "m", ""), rig.entry("image-to-text", "n", ""));
        assertEquals(0, free("llm"));
        running.close();
        assertEquals(1, free("llm"));
    }

    @Test
    void aModelWhosePriceAndCapacityAreEditedKeepsCountOfItsJobs() {
        rig.models(rig.entry("llm", "m", "\"price_per_unit\":1"));
        PipelineSession running = rig.reserve("llm", "m");
        rig.models(rig.entry("llm", "m", "\"price_per_unit\":2,\"capacity\":2"));
        assertEquals(1, free("llm"));
        assertEquals(Map.of(Capability.LLM, Map.of("m", Price.of(2, 1))), rig.pipeline.prices());
        running.close();
        assertEquals(2, free("llm"));
    }

    @Test
    void ofTwoRunnersOfAModelTheLowerVersionIsTold() throws Exception {
        try (AiRunner other = new AiRunner(0)) {
            String version = "{\"pipeline\":\"llm\",\"model_id\":\"m\",\"version\":\"%s\"}";
            rig.runner.answer("/version", 200, version.formatted("0.14.1"));
            other.answer("/version", 200, version.formatted("0.9.0"));
            rig.models(
                    rig.entry("llm", "m", ""),
                    "{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"" + other.url() + "\"}");
            Capabilities.Model said = rig.pipeline.capabilities().models().get(Capability.LLM).get("m");
            assertEquals("0.9.0", said.runnerVersion());
        }
    }

    // -- what is made

    @Test
    void anImageIsAnArtifactThatTheDocumentNames() {
        Result.Made made = assertInstanceOf(Result.Made.class, run("text-to-image"));
        assertEquals(2, made.artifacts().size());
        Result.Artifact image = made.artifacts().get(1);
        assertEquals(".png", image.extension());
        assertEquals(Bytes.wrap(AiRunner.picture(64, 64)), image.data());
        assertEquals(
                "{\"images\":[{\"nsfw\":false,\"seed\":7,\"url\":\"" + image.name() + ".png\"}]}",
                made.artifacts().getFirst().data().utf8());
    }

    @ParameterizedTest
    @CsvSource({"image-to-image", "upscale", "audio-to-text", "segment-anything-2", "llm", "image-to-text", "text-to-speech"})
    void eachPipelineIsAnswered(String pipeline) {
        Result.Made made = assertInstanceOf(Result.Made.class, run(pipeline));
        assertEquals(16, made.units());
        assertTrue(rig.runner.asked().contains("/" + pipeline));
    }

    @Test
    void theTokenIsSentAlong() {
        AtomicReference<String> authorization = new AtomicReference<>();
        rig.runner.answer("/llm", (exchange, request) -> {
            authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
            AiRunner.send(exchange, 200, AiRunner.chunk("message", "x", "stop"));
        });
        rig.models(rig.entry("llm", "m", "\"token\":\"s3cr3t\""));
        try (PipelineSession session = rig.reserve("llm", "m")) {
            session.run(request("llm", false), INPUT, RunnerRig.soon());
        }
        assertEquals("Bearer s3cr3t", authorization.get());
    }

    // -- what goes wrong

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "text-to-image | 400 | INPUT | text-to-image container returned 400: told so",
        "segment-anything-2 | 400 | INPUT | segment anything 2 container returned 400: told so",
        "llm | 400 | INPUT | LLM container returned 400: told so",
        "text-to-image | 401 | PEER | text-to-image container returned 401: told so",
        "audio-to-text | 413 | INPUT | audio-to-text container returned 413: file too large; max file size is 50MB",
        "image-to-text | 413 | INPUT | image-to-text container returned 413 file too large; max file size is 50MB",
        "upscale | 413 | INPUT | upscale container returned 413: file too large; max file size is 50MB",
        "image-to-text | 422 | INPUT | image-to-text  container returned 422: {\"detail\":{\"msg\":\"told so\"}}",
        "text-to-image | 500 | PEER | text-to-image container returned 500: told so",
        "text-to-speech | 503 | BUSY | text-to-speech container returned 503: told so",
    })
    void aStatusOfARunnerIsToldInTheWordsOfTheNetworkAndTheCapacityComesBack(
            String pipeline, int status, Failure.Kind kind, String text) {
        rig.runner.answer("/" + pipeline, status, "{\"detail\":{\"msg\":\"told so\"}}");
        assertEquals(new Failure(kind, text), failed(run(pipeline)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "text-to-image | this is no JSON",
        "text-to-image | {}",
        "text-to-image | {\"images\":[]}",
        "text-to-image | {\"images\":[{\"url\":\"http://169.254.169.254/secret\"}]}",
        "text-to-image | {\"images\":[{\"url\":\"data:text/html;base64,PGI+\"}]}",
        "text-to-image | {\"images\":[{\"url\":\"data:image/png;base64,%%%\"}]}",
        "text-to-speech | {\"audio\":\"none\"}",
        "llm | {\"choices\":[]}",
        "image-to-text | []",
    })
    void anAnswerThatIsRubbishIsAFailure(String pipeline, String answer) {
        rig.runner.answer("/" + pipeline, 200, answer);
        assertEquals(Failure.Kind.PEER, failed(run(pipeline)).kind());
    }

    @Test
    void aRunnerThatCrashesWhileItAnswersIsAFailure() {
        rig.runner.answer("/llm", (exchange, request) -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"choi".getBytes(StandardCharsets.UTF_8));
        });
        assertEquals(Failure.Kind.PEER, failed(run("llm")).kind());
    }

    @Test
    void anAnswerOfCountlessValuesIsAFailureBeforeItIsParsed() {
        rig.runner.answer("/llm", 200, "{\"choices\":[" + "{},".repeat(150_000) + "{}]}");
        assertTrue(failed(run("llm")).message().contains("more than 200000 values"));
        rig.heap.limit(8 << 20);
        rig.runner.answer("/llm", 200, "{\"choices\":[" + "{},".repeat(50_000) + "{}]}");
        assertTrue(failed(run("llm")).message().contains("no memory left"));
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        rig.heap.limit(8 << 20);
        rig.runner.answer("/llm", (exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 20];
            while (true) {
                exchange.getResponseBody().write(much);
            }
        });
        assertTrue(failed(run("llm")).message().contains("no memory left"));
    }

    @Test
    void aRunnerThatHangsIsGivenUpWithItsJob() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        rig.runner.answer("/llm", (exchange, request) -> {
            asked.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        rig.models(rig.entry("llm", "m", ""));
        AtomicReference<Result> result = new AtomicReference<>();
        try (PipelineSession session = rig.reserve("llm", "m")) {
            Thread job = Thread.ofPlatform().start(() ->
                    result.set(session.run(request("llm", false), INPUT, RunnerRig.soon())));
            assertTrue(asked.await(30, TimeUnit.SECONDS));
            job.interrupt();
            job.join();
        }
        end.countDown();
        assertEquals(Failure.Kind.CANCELLED, failed(result.get()).kind());
        assertEquals(1, free("llm"));
    }

    // -- streams

    private record Heard(List<String> events) implements MessageSink<Bytes> {

        @Override
        public void send(Bytes message, Deadline deadline) {
            events.add(message.utf8());
        }

        @Override
        public void close() {}
    }

    private Result stream(List<String> heard) {
        rig.models(rig.entry("llm", "m", ""));
        try (PipelineSession session = rig.reserve("llm", "m")) {
            return session.stream(request("llm", true), Bytes.utf8("{\"stream\":true}"), new Heard(heard), RunnerRig.soon());
        } finally {
            assertEquals(1, free("llm"));
        }
    }

    @Test
    void aStreamIsHandedOnUpToTheChunkThatGivesAReason() {
        List<String> heard = new ArrayList<>();
        Result.Made made = assertInstanceOf(Result.Made.class, stream(heard));
        assertEquals(16, made.units());
        assertEquals(4, heard.size());
        assertTrue(heard.getFirst().startsWith("data: {\"choices\":[{\"delta\":{\"content\":\"All \""), heard.getFirst());
        assertTrue(heard.getLast().endsWith("\n\n"));
    }

    @Test
    void chunksWithoutAChoiceAreLeftOut() {
        rig.runner.answer("/llm", 200, "data: {\"choices\":[]}\n\ndata: {\"usage\":{}}\n\nnonsense\n\ndata: "
                + AiRunner.chunk("delta", "", "stop") + "\n\n");
        List<String> heard = new ArrayList<>();
        assertInstanceOf(Result.Made.class, stream(heard));
        assertEquals(1, heard.size());
    }

    @ParameterizedTest
    @CsvSource({"400,INPUT", "413,INPUT", "500,PEER", "503,BUSY"})
    void aStreamThatDoesNotBeginIsAFailure(int status, Failure.Kind kind) {
        rig.runner.answer("/llm", status, "{}");
        assertEquals(
                new Failure(kind, "unexpected status code: " + status), failed(stream(new ArrayList<>())));
    }

    @Test
    void aStreamThatBreaksOffIsAFailure() {
        rig.runner.answer("/llm", 200, "data: " + AiRunner.chunk("delta", "a", "") + "\n\n");
        List<String> heard = new ArrayList<>();
        assertEquals(Failure.Kind.PEER, failed(stream(heard)).kind());
        assertEquals(1, heard.size());
    }

    @Test
    void aStreamWithoutEndIsCutOff() {
        byte[] chunk = ("data: " + AiRunner.chunk("delta", "x".repeat(100_000), "") + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
        rig.runner.answer("/llm", (exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(chunk);
            }
        });
        assertTrue(failed(stream(new ArrayList<>())).message().contains("streamed more than"));
    }

    @Test
    void aLineWithoutEndIsCutOff() {
        rig.runner.answer("/llm", (exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[64 << 10];
            Arrays.fill(much, (byte) 'x');
            while (true) {
                exchange.getResponseBody().write(much);
            }
        });
        assertTrue(failed(stream(new ArrayList<>())).message().contains("a line of more than"));
    }
}
