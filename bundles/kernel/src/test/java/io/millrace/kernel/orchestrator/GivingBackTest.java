package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever ends a job, what was taken for it is given back. */
class GivingBackTest {

    private static final String SHORT = "too short";

    /** Where a job can end before or after it is accepted. */
    enum End {
        PIPELINE_FULL,
        RESERVE_THROWS,
        PAYMENT_REFUSED,
        PAYMENT_THROWS,
        BODY_REJECTED,
        BODY_THROWS,
        MEMORY_FULL,
        PIPELINE_THROWS,
        PIPELINE_FAILS,
        RESULT_WRONG,
        DONE
    }

    private final Rig rig = new Rig();
    private final RecordingPayee payee = rig.payee;

    @ParameterizedTest
    @EnumSource
    void afterAnyEndNothingIsHeldAnyMore(End end) {
        AnsweringPipeline pipeline = new AnsweringPipeline((job, input) -> switch (end) {
            case PIPELINE_THROWS -> throw new IllegalStateException("on purpose");
            case PIPELINE_FAILS -> Result.failed(Failure.Kind.INPUT, SHORT);
            case RESULT_WRONG -> Result.made(List.of());
            default -> Result.made(List.of(Artifact.of("small", ".ts", input)));
        });
        pipeline.full = end == End.PIPELINE_FULL;
        pipeline.reserveThrows = end == End.RESERVE_THROWS;
        rig.orchestrator.add(pipeline, Rig.SOMEBODY);
        rig.settings = Rig.settings(1, OrchestratorSettings.MAX_BODY_BYTES, true);
        rig.wallets.bind(new AddressWallet(), 0);
        AuthToken token = rig.token();
        payee.refusal = end == End.PAYMENT_REFUSED
                ? Optional.of(new Refusal(Refusal.Reason.PAYMENT_BALANCE, SHORT))
                : Optional.empty();
        payee.failure = end == End.PAYMENT_THROWS ? new IllegalStateException("on purpose") : null;
        rig.budget.limit(end == End.MEMORY_FULL ? 1 : 1 << 20);
        Job job = new Job(Rig.SPEC, Rig.segment(1, Rig.SMALL), limit -> switch (end) {
            case BODY_REJECTED -> new Body.Read.Rejected(new Refusal(Refusal.Reason.BODY_UNREADABLE, SHORT));
            case BODY_THROWS -> throw new IllegalStateException("on purpose");
            default -> new Body.Read.Received(Rig.INPUT);
        });
        if (end == End.PAYMENT_THROWS || end == End.BODY_THROWS) {
            assertThrows(IllegalStateException.class, () -> rig.submit(token, job));
        } else if (end.compareTo(End.PIPELINE_THROWS) < 0) {
            assertInstanceOf(Refusal.class, rig.submit(token, job));
            assertEquals(0, pipeline.seats.get(), "reservations");
            assertEquals(List.of(), rig.orchestrator.sessions());
            assertEquals(List.of(), rig.events.all(NodeEvent.SessionStarted.class));
        } else {
            rig.await(rig.submit(token, job));
            assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
            rig.orchestrator.end(token, rig.deadline());
            rig.store.drop(token.session());
        }
        assertEquals(0, pipeline.seats.get(), "reservations");
        assertEquals(0, rig.budget.used(), "memory");
        assertTrue(rig.orchestrator.awaitIdle(rig.deadline()));
        assertInstanceOf(Offer.class, rig.quote(), "the place of the session");
    }

    @Test
    void aReservationThatIsMadeTooLateIsGivenBack() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AnsweringPipeline slow = new AnsweringPipeline((job, input) -> Result.made(List.of()));
        slow.reserving = () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        rig.orchestrator.add(slow, Rig.SOMEBODY);
        assertEquals(Refusal.Reason.UNAVAILABLE, rig.refused(rig.token(), Rig.job(1)).reason());
        assertTrue(interrupted.await(30, TimeUnit.SECONDS));
        while (slow.made.get() == 0 || slow.seats.get() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void drainingWaitsForAJobWhoseBodyIsStillBeingRead() throws Exception {
        AnsweringPipeline pipeline =
                new AnsweringPipeline((job, input) -> Result.made(List.of(Artifact.of("small", ".ts", input))));
        rig.orchestrator.add(pipeline, Rig.SOMEBODY);
        AuthToken token = rig.token();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        Body slow = limit -> {
            reading.countDown();
            try {
                assertTrue(arrived.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new Body.Read.Received(Rig.INPUT);
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Accepted> accepted = threads.submit(() -> assertInstanceOf(
                    Accepted.class,
                    rig.orchestrator.submit(
                            Optional.of(token),
                            new Job(Rig.SPEC, Rig.segment(1, Rig.SMALL), slow),
                            Payment.NONE,
                            rig.deadline())));
            assertTrue(reading.await(30, TimeUnit.SECONDS));
            assertFalse(rig.orchestrator.drain(new Deadline(Instant.EPOCH)));
            arrived.countDown();
            Future<Boolean> drained = threads.submit(() -> rig.orchestrator.drain(rig.deadline()));
            rig.done(accepted.get(30, TimeUnit.SECONDS)).outputs().forEach(output -> output.fetch(rig.deadline()));
            assertTrue(drained.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aSessionWithoutASuccessMakesWayAtOnceAndOneThatWorkedWhenItIsQuiet() {
        rig.orchestrator.add(
                new AnsweringPipeline((job, input) -> job.sequence() == 1
                        ? Result.made(List.of(Artifact.of("small", ".ts", input), Artifact.of("large", ".ts", input)))
                        : Result.failed(Failure.Kind.INPUT, SHORT)),
                Rig.SOMEBODY);
        rig.settings = Rig.sessions(3);
        AuthToken worked = rig.token();
        rig.done(rig.submit(worked, Rig.job(1)));
        AuthToken first = failedSession();
        AuthToken second = failedSession();
        AuthToken third = rig.token();
        rig.done(rig.submit(third, Rig.job(1)));
        assertEquals(
                List.of(worked, second, third).stream()
                        .map(token -> token.session().value())
                        .toList(),
                rig.orchestrator.sessions().stream().map(each -> each.session()).toList());
        assertEquals(first.session(), rig.events.await(NodeEvent.SessionEnded.class).session());
        rig.done(rig.submit(rig.token(), Rig.job(1)));
        assertEquals(Refusal.Reason.CAPPED, assertInstanceOf(Refusal.class, rig.quote()).reason());
        rig.clock.advance(Sessions.QUIET);
        rig.done(rig.submit(rig.token(), Rig.job(1)));
        assertTrue(rig.orchestrator.sessions().stream()
                .noneMatch(each -> each.session().equals(worked.session().value())));
    }

    private AuthToken failedSession() {
        AuthToken token = rig.token();
        rig.failed(rig.submit(token, Rig.job(2)));
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        rig.clock.advance(Duration.ofSeconds(1));
        return token;
    }

    /** A pipeline that looks at the node from another thread while it is called: a lock held meanwhile would stop it. */
    @Test
    void noLockIsHeldWhileAPipelineOrAListenerIsCalled() {
        AnsweringPipeline pipeline = new AnsweringPipeline((job, input) -> {
            look();
            return Result.made(List.of(Artifact.of("small", ".ts", input), Artifact.of("large", ".ts", input)));
        });
        pipeline.reserving = this::look;
        pipeline.closing = this::look;
        pipeline.asked = this::look;
        rig.onEvent = this::look;
        rig.orchestrator.add(pipeline, Rig.SOMEBODY);
        AuthToken token = rig.token();
        rig.done(rig.submit(token, Rig.job(1)));
        rig.orchestrator.end(token, rig.deadline());
        assertEquals(1, rig.events.await(NodeEvent.SessionEnded.class).segments());
        assertEquals(0, pipeline.seats.get());
        assertEquals(List.of(), rig.events.all(NodeEvent.Misbehaved.class));
    }

    private void look() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> {
                        rig.orchestrator.sessions();
                        rig.orchestrator.cautions();
                        return rig.orchestrator.obstacles();
                    })
                    .get(4, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("a lock is held", e);
        }
    }
}
