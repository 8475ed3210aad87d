package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
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
import io.millrace.api.value.MessageSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and live sessions go the way that segments go. */
class JobDeskTest {

    private static final JobSpec SPEC = JobSpec.needing(Capabilities.of(Capability.AUTH_TOKEN, Capability.LLM));

    private final GatewayRig rig = new GatewayRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private static Job job(Body body) {
        return new Job(SPEC, new Payload.Request(Capability.LLM, "", "text/plain", false), body);
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
        assertEquals(o.submittedUnder.getFirst(), o.awaitEnd());
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
                new LiveSpec(SPEC, Capability.LLM, "", "{}"), Deadline.in(Duration.ofSeconds(5), rig.time));
        assertEquals(new Refusal(Reason.UNAVAILABLE, "no orchestrator is named"), opening);
    }

    @Test
    void aStreamOfMessagesHoldsItsSessionUntilItIsRead() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o").answers(job -> new Completion.Streaming(new MessageSource() {
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
        }));
        MessageSource messages =
                assertInstanceOf(Completion.Streaming.class, request()).messages();
        Deadline deadline = Deadline.in(Duration.ofSeconds(5), rig.time);
        assertEquals("token", messages.next(deadline).orElseThrow().utf8());
        assertTrue(o.ended.isEmpty() && rig.payer.settled.isEmpty());
        assertEquals(Optional.empty(), messages.next(deadline));
        messages.close();
        assertEquals(o.submittedUnder.getFirst(), o.awaitEnd());
        assertEquals(1, rig.payer.settled.size());
    }

    @Test
    void aDrainedGatewayTurnsRequestsAway() {
        rig.orchestrator("o");
        rig.gateway.drain(Deadline.in(Duration.ofSeconds(1), rig.time));
        assertEquals(Failure.Kind.BUSY, failure(request()).kind());
    }
}
