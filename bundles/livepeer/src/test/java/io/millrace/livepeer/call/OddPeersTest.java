package io.millrace.livepeer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.WireServer;
import io.millrace.livepeer.wire.TranscodeResult;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.testkit.InMemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that answer what they should not. */
class OddPeersTest {

    /** Answers in some way. */
    @FunctionalInterface
    private interface Answer {

        void write(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    private static final class Odd extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private transient volatile Answer answer;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().readAllBytes();
            answer.write(request, response);
        }
    }

    private static final Odd ODD = new Odd();
    private static final InMemoryBudget HEAP = InMemoryBudget.ample();
    private static WireServer server;
    private static LivepeerLinks links;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = new WireServer(directory, Map.<String, Servlet>of("/*", ODD));
        links = new LivepeerLinks(new NoAccount(), new OpenGuard(), HEAP, 1, Duration.ofMinutes(1));
    }

    @AfterAll
    static void stop() {
        links.close();
        server.close();
    }

    @Test
    void aResultThatIsNoMessageIsThePeersFault() {
        answer(new byte[] {1, 2, 3, 4});
        assertEquals(Failure.Kind.PEER, failure().kind());
    }

    @Test
    void aResultThatIsNeitherDataNorErrorIsUnknown() {
        answer(TranscodeResult.newBuilder().setSeq(1).build().toByteArray());
        assertEquals(new Failure(Failure.Kind.PEER, "UnknownResponse"), failure());
    }

    @Test
    void aResultWithTooFewRenditionsIsThePeersFault() {
        TranscodeResult.Builder result = TranscodeResult.newBuilder();
        result.getDataBuilder();
        answer(result.build().toByteArray());
        assertTrue(failure().message().contains("0 renditions instead of 1"));
    }

    @Test
    void aRenditionWithoutAnAddressOfTheWebIsThePeersFault() {
        for (String url : new String[] {"", "file:///etc/passwd", "jar:http://x/!/y", "stream/x.ts"}) {
            answer(result(url));
            assertEquals(Failure.Kind.PEER, failure().kind(), url);
        }
    }

    @Test
    void anAddressWithoutAHostIsBelowThePeers() {
        answer(result("/stream/x/240p/1.ts"));
        Completion.Done done = assertInstanceOf(Completion.Done.class, completion());
        assertEquals(server.uri() + "/stream/x/240p/1.ts", done.outputs().getFirst().location());
    }

    @Test
    void aRenditionThatIsGoneIsAFault() {
        answer(result("/stream/x/240p/1.ts"));
        Completion.Done done = assertInstanceOf(Completion.Done.class, completion());
        ODD.answer = (request, response) -> response.sendError(404);
        Fault fault = assertThrows(Fault.class, () -> done.outputs().getFirst().fetch(soon()));
        assertEquals(Fault.Consequence.RETRY_ELSEWHERE, fault.consequence());
    }

    @Test
    void renditionsAreFetchedOverHttp1() {
        answer(result("/stream/x/240p/1.ts"));
        Completion.Done done = assertInstanceOf(Completion.Done.class, completion());
        ODD.answer = (request, response) -> response.getWriter().print(request.getProtocol());
        assertEquals("HTTP/1.1", done.outputs().getFirst().fetch(soon()).utf8());
    }

    @Test
    void aResultWithoutEndIsCutOff() {
        ODD.answer = (request, response) -> {
            byte[] some = new byte[64 << 10];
            for (int i = 0; i < 100; i++) {
                response.getOutputStream().write(some);
            }
        };
        assertEquals(Failure.Kind.PEER, failure().kind());
    }

    @Test
    void manyResultsWithoutEndAreAllCutOffAtOnce() throws Exception {
        // Over the JDK's client two of three such answers hung: cancelling waited for a lock whose holder waited for us.
        ODD.answer = (request, response) -> {
            byte[] some = new byte[64 << 10];
            for (int i = 0; i < 1000; i++) {
                response.getOutputStream().write(some);
            }
        };
        List<FutureTask<Failure>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FutureTask<Failure> call = new FutureTask<>(OddPeersTest::failure);
            calls.add(call);
            Thread.ofVirtual().start(call);
        }
        for (FutureTask<Failure> call : calls) {
            assertEquals(Failure.Kind.PEER, call.get(50, TimeUnit.SECONDS).kind());
        }
        assertEquals(0, HEAP.used());
    }

    @Test
    void aRenditionThatFindsNoMemoryHereIsNoFaultOfThePeer() {
        answer(result("/stream/x/240p/1.ts"));
        Completion.Done done = assertInstanceOf(Completion.Done.class, completion());
        ODD.answer = (request, response) -> response.getOutputStream().write(new byte[500_000]);
        HEAP.limit(100_000);
        try {
            Fault fault = assertThrows(Fault.class, () -> done.outputs().getFirst().fetch(soon()));
            assertEquals(Fault.Consequence.BUSY, fault.consequence());
            answer(result("/stream/x/240p/1.ts"));
            HEAP.limit(100);
            assertEquals(Failure.Kind.BUSY, failure().kind());
        } finally {
            HEAP.limit(1L << 40);
        }
        assertEquals(0, HEAP.used());
    }

    @Test
    void aRenditionThatGivesItsLengthAndStopsIsLate() {
        answer(result("/stream/x/240p/1.ts"));
        Completion.Done done = assertInstanceOf(Completion.Done.class, completion());
        CountDownLatch never = new CountDownLatch(1);
        ODD.answer = (request, response) -> {
            response.setContentLength(1000);
            response.getOutputStream().write(new byte[10]);
            response.flushBuffer();
            await(never);
        };
        Deadline deadline = Deadline.in(Duration.ofMillis(300), Clock.systemUTC());
        Fault fault = assertThrows(Fault.class, () -> done.outputs().getFirst().fetch(deadline));
        never.countDown();
        assertTrue(fault.getMessage().endsWith("not in time"), fault.getMessage());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anAnswerThatDoesNotBeginInTimeIsNotKnownToHaveBeenSentOrNot() {
        CountDownLatch never = new CountDownLatch(1);
        ODD.answer = (request, response) -> await(never);
        Fault fault = assertThrows(
                Fault.class, () -> submit(Deadline.in(Duration.ofMillis(300), Clock.systemUTC())));
        never.countDown();
        assertTrue(fault.getMessage().startsWith("header timeout: "), fault.getMessage());
        assertEquals(Fault.Consequence.SUSPEND_PEER, fault.consequence());
    }

    @Test
    void aStatusNobodyDocumentedIsUnavailable() {
        ODD.answer = (request, response) -> {
            response.setStatus(503);
            response.getWriter().print("  in a moment \n");
        };
        assertEquals(new Refusal(Refusal.Reason.UNAVAILABLE, "in a moment"), submit(soon()));
    }

    @Test
    void aRedirectIsNotFollowed() {
        ODD.answer = (request, response) -> response.sendRedirect("http://127.0.0.1:1/elsewhere");
        assertEquals(
                Refusal.Reason.UNAVAILABLE,
                assertInstanceOf(Refusal.class, submit(soon())).reason());
    }

    @Test
    void whatIsNoOrchestratorIsLeftAlone() {
        ODD.answer = (request, response) -> {
            response.setContentType("application/grpc");
            response.setTrailerFields(() -> Map.of("grpc-status", "12", "grpc-message", "unknown service"));
        };
        assertEquals(Fault.Consequence.SUSPEND_PEER, quoteFault().consequence());
    }

    @Test
    void anOfferWithoutATokenIsNone() {
        ODD.answer = (request, response) -> {
            response.setContentType("application/grpc");
            response.setTrailerFields(() -> Map.of("grpc-status", "0"));
            response.getOutputStream().write(new byte[5]);
        };
        assertTrue(quoteFault().getMessage().contains("missing auth token"));
    }

    private static Fault quoteFault() {
        return assertThrows(
                Fault.class,
                () -> links.link(server.uri(), Optional.of(server.uri())).quote(JobSpec.anything(), Caller.ANONYMOUS, soon()));
    }

    private static Failure failure() {
        return assertInstanceOf(Completion.Failed.class, completion()).failure();
    }

    private static Completion completion() {
        return assertInstanceOf(Accepted.class, submit(soon())).await(soon());
    }

    private static Submission submit(Deadline deadline) {
        Payload.Transcode payload = new Payload.Transcode(
                new ManifestId("movie"),
                1,
                Duration.ofSeconds(2),
                List.of(VideoProfile.h264("240p", 426, 240, 600_000, 30)),
                Optional.empty(),
                false);
        Job job = new Job(JobSpec.anything(), payload, Body.of(Bytes.utf8("segment")));
        return links.link(server.uri(), Optional.of(server.uri())).submit(Optional.empty(), job, Payment.NONE, deadline);
    }

    private static void answer(byte[] body) {
        ODD.answer = (request, response) -> response.getOutputStream().write(body);
    }

    private static byte[] result(String url) {
        TranscodeResult.Builder result = TranscodeResult.newBuilder();
        result.getDataBuilder().setSig(ByteString.EMPTY).addSegmentsBuilder().setUrl(url).setPixels(1);
        return result.build().toByteArray();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60), Clock.systemUTC());
    }
}
