package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.MessageSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and live sessions go the way that segments go. */
class RequestsTest {

    private static final JobSpec SPEC = JobSpec.needing(Capabilities.of(Capability.AUTH_TOKEN, Capability.LLM));

    private final GatewayRig rig = new GatewayRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private static Job job(Body body) {
        return new Job(SPEC, Payload.Request.of(Capability.LLM, "").contentType("text/plain").build(), body);
    }

    private Completion request(Body body) {
        return rig.gateway.request(job(body), Deadline.in(Duration.ofSeconds(20), rig.time));
    }

    private Completion request() {
        return request(Body.of(Bytes.utf8("hello")));
    }

    private Failure failure(Completion completion) {
        return assertInstanceOf(Completion.Failed.class, completion).failure();
    }

    @Test
    void theResultIsHereBeforeItsSessionEnds() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Completion.Done done = assertInstanceOf(Completion.Done.class, request());
        assertEquals("hello", done.outputs().getFirst().fetch(new Deadline(rig.time.instant())).utf8());
        assertTrue(o.ended.isEmpty());
        rig.time.advance(Requests.POOL_IDLE);
        assertEquals(o.submittedUnder.getFirst(), o.awaitEnd());
    }

    @Test
    void requestsOfOneNeedOneAfterTheOtherFindTheirOrchestratorKnown() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(Completion.Done.class, request());
        }
        assertEquals(1, o.quoted.size());
    }

    @Test
    void requestsOfOneNeedAtOnceShareASessionHoweverLongTheyTake() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.hold();
        BlockingQueue<Completion> ended = new LinkedBlockingQueue<>();
        for (int i = 0; i < 20; i++) {
            Thread.ofVirtual().start(() -> ended.add(request()));
        }
        for (int i = 0; i < 20; i++) {
            o.awaitJob();
        }
        rig.time.advance(Duration.ofSeconds(5));
        Thread.ofVirtual().start(() -> ended.add(request()));
        o.awaitJob();
        o.release(21);
        for (int i = 0; i < 21; i++) {
            assertInstanceOf(Completion.Done.class, ended.take());
        }
        assertEquals(1, o.submittedUnder.stream().map(AuthToken::session).distinct().count());
    }

    @Test
    void aRequestThatEverybodyIsTooBusyForEndsAtItsDeadline() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        for (int i = 0; i < 1000; i++) {
            o.refuses(Reason.BUSY, "OrchestratorBusy");
        }
        BlockingQueue<Completion> ended = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> ended.add(request()));
        rig.time.passUntil(() -> !ended.isEmpty());
        assertEquals(Failure.Kind.BUSY, failure(ended.take()).kind());
        assertTrue(o.submittedUnder.size() < 20, () -> o.submittedUnder.size() + " times");
    }

    @Test
    void aRequestThatTheMemoryHasNoRoomForIsTurnedAwayAndNothingStaysCharged() {
        rig.orchestrator("o");
        rig.budget.limit(10);
        assertEquals(Failure.Kind.BUSY, failure(request()).kind());
        rig.budget.limit(1 << 20);
        assertInstanceOf(Completion.Done.class, request());
        assertEquals(0, rig.budget.used());
    }

    @Test
    void aRequestThatFailsIsTriedAgainWithTheSameBodyReadOnce() {
        rig.orchestrator("o").fails(Failure.Kind.PEER, "no luck");
        AtomicInteger reads = new AtomicInteger();
        Bytes input = Bytes.utf8("hello");
        Completion.Done done = assertInstanceOf(Completion.Done.class, request(limit -> {
            reads.incrementAndGet();
            return new Body.Read.Received(input);
        }));
        assertEquals(1, reads.get());
        assertEquals(input, done.outputs().getFirst().fetch(new Deadline(rig.time.instant())));
        assertEquals(2, rig.payer.settled.size());
    }

    @Test
    void aBodyThatBreaksOffIsSentToNobody() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Failure failure = failure(
                request(limit -> new Body.Read.Rejected(new Refusal(Reason.BODY_UNREADABLE, "connection reset"))));
        assertEquals(new Failure(Failure.Kind.INPUT, "connection reset"), failure);
        assertEquals(0, o.submittedUnder.size());
    }

    @Test
    void aBadRequestIsNotTriedAgain() {
        rig.orchestrator("o").fails(Failure.Kind.INPUT, "no such model");
        assertEquals(new Failure(Failure.Kind.INPUT, "no such model"), failure(request()));
        assertEquals(1, rig.payer.settled.size());
    }

    @Test
    void aRequestWhoseAnswerBrokeOffIsNotDoneASecondTime() {
        ScriptedOrchestrator o = rig.orchestrator("o").fails(Failure.Kind.BROKEN_OFF, "the answer broke off");
        assertEquals(new Failure(Failure.Kind.BROKEN_OFF, "the answer broke off"), failure(request()));
        assertEquals(1, o.submittedUnder.size());
    }

    @Test
    void aRequestThatEverybodyFailsIsTheirFailure() {
        rig.orchestrator("o")
                .fails(Failure.Kind.PEER, "1")
                .fails(Failure.Kind.PEER, "2")
                .fails(Failure.Kind.PEER, "3");
        assertEquals(new Failure(Failure.Kind.PEER, "3"), failure(request()));
    }

    @Test
    void withoutAnOrchestratorARequestIsTurnedAway() {
        assertEquals(new Failure(Failure.Kind.BUSY, "no orchestrator is named"), failure(request()));
        LiveOpening opening = rig.gateway.open(
                new LiveSpec(new ManifestId("live"), SPEC, "{}"), Deadline.in(Duration.ofSeconds(5), rig.time));
        assertEquals(new Refusal(Reason.UNAVAILABLE, "no orchestrator is named"), opening);
    }

    @Test
    void aStreamOfMessagesHoldsItsSessionUntilItIsRead() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o").answers(job -> new Completion.Streaming(new MessageSource<>() {
            private boolean read;

            @Override
            public Optional<Bytes> next(Deadline deadline) {
                Optional<Bytes> next = read ? Optional.empty() : Optional.of(Bytes.utf8("token"));
                read = true;
                return next;
            }

            @Override
            public void close() {
                read = true;
            }
        }, "text/event-stream"));
        MessageSource<Bytes> messages =
                assertInstanceOf(Completion.Streaming.class, request()).messages();
        Deadline deadline = Deadline.in(Duration.ofSeconds(5), rig.time);
        assertEquals("token", messages.next(deadline).orElseThrow().utf8());
        assertEquals(1, rig.payer.settled.size());
        rig.time.advance(Requests.POOL_IDLE);
        assertTrue(o.ended.isEmpty());
        assertEquals(Optional.empty(), messages.next(deadline));
        messages.close();
        rig.time.awaitTimer(Requests.POOL_IDLE);
        rig.time.advance(Requests.POOL_IDLE);
        assertEquals(o.submittedUnder.getFirst(), o.awaitEnd());
    }

    @Test
    void aDrainedGatewayTurnsRequestsAway() {
        rig.orchestrator("o");
        rig.gateway.drain(Deadline.in(Duration.ofSeconds(1), rig.time));
        assertEquals(Failure.Kind.BUSY, failure(request()).kind());
    }
}
