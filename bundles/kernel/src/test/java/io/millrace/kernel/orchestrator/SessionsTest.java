package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.lease.Provider;
import io.millrace.testkit.PassThroughPipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of jobs that were accepted. */
class SessionsTest {

    private static final Failure LATE =
            new Failure(Failure.Kind.TIMEOUT, Failure.Reason.LATE, "the job was not done in time");

    private final PassThroughPipeline pipeline = new PassThroughPipeline();
    private final Rig rig = new Rig(pipeline);

    private static Result made(Payload.Transcode job, Bytes input) {
        return Result.made(job.profiles().stream()
                .map(profile -> Artifact.of(profile.name(), ".ts", input).withUnits(10))
                .toList());
    }

    @Test
    void aJobIsAcceptedWhileThePipelineIsStillAtWork() throws InterruptedException {
        pipeline.hold();
        Accepted accepted = rig.accepted(rig.token(), 1);
        pipeline.awaitArrival();
        Completion late = accepted.await(new Deadline(Instant.EPOCH));
        assertEquals(Failure.Kind.TIMEOUT, assertInstanceOf(Completion.Failed.class, late).failure().kind());
        pipeline.release(1);
        rig.done(accepted);
    }

    @Test
    void resultsComeInProfileOrderWithTheirPixelsAndTheNextOfferUnderTheSameToken() {
        AuthToken token = rig.token();
        Completion.Done done = rig.done(rig.submit(token, Rig.job(7)));
        assertEquals(
                List.of("small", "large"),
                done.outputs().stream().map(Output::name).toList());
        assertEquals(
                List.of(token.session() + "/small/7.ts", token.session() + "/large/7.ts"),
                done.outputs().stream().map(Output::location).toList());
        assertEquals(List.of(160L * 90, 320L * 180), done.outputs().stream().map(Output::units).toList());
        assertEquals(Rig.INPUT, done.outputs().getLast().fetch(rig.deadline()));
        assertEquals(Bytes.EMPTY, done.signature());
        assertEquals(token, done.next().orElseThrow().token());
        NodeEvent.JobServed served = rig.events.await(NodeEvent.JobServed.class);
        assertEquals(160 * 90 + 320 * 180, served.units());
        assertEquals(7, served.sequence());
        assertEquals(Optional.empty(), served.error());
        assertEquals("pass-through", served.pipeline());
        assertEquals(
                new KernelEvents.SessionStarted(token.session(), new ManifestId("movie")),
                rig.events.await(NodeEvent.SessionStarted.class));
    }

    @Test
    void jobsOfOneSessionAreDoneOneAfterAnotherInTheOrderTheyWereAccepted() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Long> order = Collections.synchronizedList(new ArrayList<>());
        Rig own = new Rig(new AnsweringPipeline((job, input) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            order.add(job.sequence());
            Thread.yield();
            now.decrementAndGet();
            return made(job, input);
        }));
        AuthToken token = own.token();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                List<Future<Completion>> calls = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    long sequence = round * 5 + i;
                    calls.add(threads.submit(() -> own.await(own.submit(token, Rig.job(sequence)))));
                }
                for (Future<Completion> call : calls) {
                    assertInstanceOf(Completion.Done.class, call.get(30, TimeUnit.SECONDS));
                }
            }
        }
        assertEquals(1, most.get());
        assertEquals(100, order.size());
        order.clear();
        List<Accepted> accepted = new ArrayList<>();
        for (long i = 200; i < 204; i++) {
            accepted.add(own.accepted(token, i));
        }
        accepted.forEach(own::done);
        assertEquals(List.of(200L, 201L, 202L, 203L), order);
    }

    @Test
    void fourJobsWaitBehindTheOneThatRunsAndTheNextFindsTheSessionBusy() throws InterruptedException {
        pipeline.hold();
        AuthToken token = rig.token();
        List<Accepted> taken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            taken.add(rig.accepted(token, i));
        }
        assertEquals(Refusal.Reason.BUSY, rig.refused(token, Rig.job(5)).reason());
        assertEquals(4, rig.orchestrator.sessions().getFirst().queued());
        pipeline.awaitArrival();
        pipeline.release(1);
        rig.done(taken.getFirst());
        Accepted again = rig.accepted(token, 6);
        pipeline.release(5);
        taken.forEach(rig::done);
        rig.done(again);
    }

    @Test
    void inputsOfAllSessionsAreChargedToTheBudgetUntilTheirJobIsOver() throws InterruptedException {
        pipeline.hold();
        long each = Rig.INPUT.size() + Budget.PIECE_OVERHEAD;
        rig.budget.limit(2 * each);
        Accepted first = rig.accepted(rig.token(), 1);
        rig.accepted(rig.token(), 1);
        assertEquals(2 * each, rig.budget.used());
        assertEquals(Refusal.Reason.BUSY, rig.refused(rig.token(), Rig.job(1)).reason());
        assertEquals(2, rig.orchestrator.sessions().size());
        rig.budget.limit(1 << 20);
        pipeline.release(2);
        rig.done(first);
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        assertEquals(4 * each, rig.budget.used(), "two renditions of each of the two jobs");
    }

    @Test
    void anIdleSessionEndsAfterSeventySecondsAndItsResultsGo() {
        AuthToken token = rig.token();
        Completion.Done done = rig.done(rig.submit(token, Rig.job(1)));
        rig.events.await(NodeEvent.JobServed.class);
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        rig.pass(Duration.ofSeconds(69));
        assertEquals(1, rig.orchestrator.sessions().size());
        assertTrue(rig.store.get(done.outputs().getFirst().location()).isPresent());
        rig.pass(Duration.ofSeconds(1));
        assertEquals(List.of(), rig.orchestrator.sessions());
        assertEquals(Optional.empty(), rig.store.get(done.outputs().getFirst().location()));
        assertEquals(
                new KernelEvents.SessionEnded(token.session(), 1, "idle"),
                rig.events.await(NodeEvent.SessionEnded.class));
    }

    @Test
    void aSessionThatWorksIsNotIdle() {
        AuthToken token = rig.token();
        rig.done(rig.submit(token, Rig.job(1)));
        rig.pass(Duration.ofSeconds(60));
        rig.done(rig.submit(token, Rig.job(2)));
        rig.pass(Duration.ofSeconds(60));
        assertEquals(1, rig.orchestrator.sessions().size());
    }

    @Test
    void theLastSegmentSurvivesAnEarlyEndAndItsResultCanBeFetchedForAWhile() throws InterruptedException {
        pipeline.hold();
        AuthToken token = rig.token();
        Accepted running = rig.accepted(token, 1);
        Accepted queued = rig.accepted(token, 2);
        pipeline.awaitArrival();
        assertEquals(Optional.empty(), rig.orchestrator.end(token, rig.deadline()));
        assertEquals(List.of(), rig.orchestrator.sessions());
        assertEquals(List.of(), rig.events.all(NodeEvent.SessionEnded.class));
        pipeline.release(2);
        rig.done(running);
        Completion.Done last = rig.done(queued);
        assertEquals(2, rig.events.await(NodeEvent.SessionEnded.class).segments());
        rig.pass(Duration.ofSeconds(29));
        assertEquals(Rig.INPUT, last.outputs().getFirst().fetch(rig.deadline()));
        rig.pass(Duration.ofSeconds(1));
        assertEquals(Optional.empty(), rig.store.get(last.outputs().getFirst().location()));
    }

    @Test
    void aLateSegmentBringsAnEndedSessionBackWithWhatItHad() {
        AuthToken token = rig.token();
        Completion.Done before = rig.done(rig.submit(token, Rig.job(1)));
        rig.orchestrator.end(token, rig.deadline());
        Completion.Done after = rig.done(rig.submit(token, Rig.job(2)));
        rig.pass(Duration.ofSeconds(40));
        assertTrue(rig.store.get(before.outputs().getFirst().location()).isPresent());
        assertTrue(rig.store.get(after.outputs().getFirst().location()).isPresent());
        assertEquals(1, rig.orchestrator.sessions().size());
    }

    @Test
    void endedSessionsWithResultsAreBounded() {
        rig.settings = Rig.sessions(1);
        List<Completion.Done> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            AuthToken token = rig.token();
            all.add(rig.done(rig.submit(token, Rig.job(1))));
            rig.orchestrator.end(token, rig.deadline());
        }
        rig.events.await(10, NodeEvent.SessionEnded.class);
        rig.orchestrator.sweep();
        List<Boolean> kept = all.stream()
                .map(done -> rig.store.get(done.outputs().getFirst().location()).isPresent())
                .toList();
        assertEquals(Collections.nCopies(6, false), kept.subList(0, 6));
        assertEquals(Collections.nCopies(4, true), kept.subList(6, 10));
    }

    @Test
    void aJobThatIsNotDoneInTimeFailsAndTheNextIsDone() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        AnsweringPipeline slow = new AnsweringPipeline((job, input) -> {
            if (job.sequence() == 1) {
                try {
                    arrived.countDown();
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.countDown();
                }
            }
            return made(job, input);
        });
        Rig own = new Rig(slow);
        AuthToken token = own.token();
        Accepted stuck = own.accepted(token, 1);
        assertTrue(arrived.await(30, TimeUnit.SECONDS));
        own.pass(Duration.ofMillis(7999));
        assertEquals(List.of(), own.events.all(NodeEvent.JobServed.class));
        Accepted next = own.accepted(token, 2);
        own.pass(Duration.ofMillis(1));
        assertEquals(
                LATE,
                own.failed(stuck).failure());
        assertTrue(interrupted.await(30, TimeUnit.SECONDS));
        own.done(next);
        List<NodeEvent.JobServed> served = own.events.await(2, NodeEvent.JobServed.class);
        assertEquals(Optional.of("the job was not done in time"), served.getFirst().error());
        assertEquals(2, served.size());
    }

    @Test
    void aJobThatWaitedTooLongFailsWithoutBeingBegun() throws InterruptedException {
        pipeline.hold();
        AuthToken token = rig.token();
        rig.accepted(token, 1);
        pipeline.awaitArrival();
        Accepted waiting = rig.accepted(token, 2);
        rig.pass(Duration.ofSeconds(8));
        assertEquals(Failure.Kind.TIMEOUT, rig.failed(waiting).failure().kind());
    }

    @Test
    void aPipelineThatDoesNotLetGoIsLeftBehindAndItsReservationComesBackWhenItDoes() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        AnsweringPipeline deaf = new AnsweringPipeline((job, input) -> {
            arrived.countDown();
            while (job.sequence() == 1 && letGo.getCount() > 0) {
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    continue;
                }
            }
            return made(job, input);
        });
        Rig own = new Rig(deaf);
        AuthToken token = own.token();
        Accepted stuck = own.accepted(token, 1);
        assertTrue(arrived.await(30, TimeUnit.SECONDS));
        own.pass(Duration.ofSeconds(8));
        assertEquals(Failure.Kind.TIMEOUT, own.failed(stuck).failure().kind());
        Accepted next = own.accepted(token, 2);
        own.done(next);
        assertEquals(2, deaf.seats.get());
        letGo.countDown();
        while (deaf.seats.get() > 1) {
            Thread.onSpinWait();
        }
        assertEquals(1, deaf.seats.get());
    }

    @Test
    void aJobThatWasGivenUpIsNotDoneAndHoldsNobodyUp() throws InterruptedException {
        pipeline.hold();
        AuthToken token = rig.token();
        Accepted running = rig.accepted(token, 1);
        Accepted waiting = rig.accepted(token, 2);
        Accepted last = rig.accepted(token, 3);
        pipeline.awaitArrival();
        waiting.close();
        running.close();
        assertEquals(Failure.Kind.CANCELLED, rig.failed(running).failure().kind());
        assertEquals(Failure.Kind.CANCELLED, rig.failed(waiting).failure().kind());
        // the one that was given up may still have taken its turn
        pipeline.release(2);
        rig.done(last);
        last.close();
        rig.done(last);
    }

    @Test
    void otherRenditionsThanAskedForAreNoResult() {
        Rig own = new Rig(new AnsweringPipeline(
                (job, input) -> Result.made(List.of(Artifact.of("small", ".ts", input).withUnits(1)))));
        assertEquals(
                Failure.Reason.MISMATCHED,
                own.failed(own.submit(own.token(), Rig.job(1))).failure().reason());
    }

    @Test
    void aRenditionOfTwentyFourBytesIsNoResult() {
        Rig own = new Rig(new AnsweringPipeline((job, input) -> made(job, Bytes.wrap(new byte[24]))));
        Completion.Failed failed = own.failed(own.submit(own.token(), Rig.job(1)));
        assertEquals(Failure.Reason.EMPTY, failed.failure().reason());
        Rig enough = new Rig(new AnsweringPipeline((job, input) -> made(job, Bytes.wrap(new byte[25]))));
        enough.done(enough.submit(enough.token(), Rig.job(1)));
    }

    @Test
    void aPipelinesFailureIsPassedOnWithItsExactText() {
        Failure failure = new Failure(Failure.Kind.INPUT, "TranscoderInvalidVideo");
        Rig own = new Rig(new AnsweringPipeline((job, input) -> new Result.Failed(failure)));
        AuthToken token = own.token();
        Completion.Failed failed = own.failed(own.submit(token, Rig.job(1)));
        assertEquals(failure, failed.failure());
        assertEquals(token, failed.next().orElseThrow().token());
        assertEquals(
                Optional.of("TranscoderInvalidVideo"),
                own.events.await(NodeEvent.JobServed.class).error());
    }

    @Test
    void aPipelineThatThrowsFailsItsJobAndNothingElse() {
        Rig own = new Rig(new AnsweringPipeline((job, input) -> {
            if (job.sequence() == 1) {
                throw new NoClassDefFoundError("on purpose");
            }
            return made(job, input);
        }));
        AuthToken token = own.token();
        Completion.Failed failed = own.failed(own.submit(token, Rig.job(1)));
        assertEquals(new Failure(Failure.Kind.PEER, Failure.Reason.BROKEN, "the pipeline failed"), failed.failure());
        own.done(own.submit(token, Rig.job(2)));
    }

    @Test
    void aJobForAFullPipelineIsRefusedAndAnotherPipelineIsTried() {
        AnsweringPipeline full = new AnsweringPipeline(SessionsTest::made);
        full.full = true;
        Rig own = new Rig(full);
        AuthToken token = own.token();
        assertEquals(Refusal.Reason.CAPPED, own.refused(token, Rig.job(1)).reason());
        AnsweringPipeline free = new AnsweringPipeline(SessionsTest::made);
        own.orchestrator.add(free, new Provider("worse", -1));
        own.done(own.submit(token, Rig.job(2)));
        assertEquals(1, free.seats.get());
    }

    @Test
    void aResultThatFindsNoRoomFailsItsJobAsBusy() {
        rig.budget.limit(Rig.INPUT.size() + Budget.PIECE_OVERHEAD);
        Completion.Failed failed = rig.failed(rig.submit(rig.token(), Rig.job(1)));
        assertEquals(Failure.Kind.BUSY, failed.failure().kind());
        assertEquals(Failure.Reason.BUSY, failed.failure().reason());
    }

    @Test
    void aProfileNameThatFitsIntoNoAddressIsKeptUnderOneThatDoes() {
        AuthToken token = rig.token();
        Payload payload = Rig.segment(
                1, VideoProfile.h264("../../x y", 160, 90, 1, 30));
        Completion.Done done = rig.done(rig.submit(
                token,
                new Job(
                        Rig.SPEC, payload, Body.of(Rig.INPUT))));
        assertEquals("../../x y", done.outputs().getFirst().name());
        assertEquals(token.session() + "/0_.._.._x_y/1.ts", done.outputs().getFirst().location());
        assertEquals(Rig.INPUT, done.outputs().getFirst().fetch(rig.deadline()));
    }

    @Test
    void drainingWaitsForWorkAndThenForItsResultsToBeFetched() throws Exception {
        pipeline.hold();
        AuthToken token = rig.token();
        Accepted running = rig.accepted(token, 1);
        pipeline.awaitArrival();
        assertFalse(rig.orchestrator.drain(new Deadline(Instant.EPOCH)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> drained = threads.submit(() -> rig.orchestrator.drain(rig.deadline()));
            assertFalse(drained.isDone());
            pipeline.release(1);
            rig.done(running).outputs().forEach(output -> output.fetch(rig.deadline()));
            assertTrue(drained.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void stoppingSettlesEverythingThatIsNotDone() throws InterruptedException {
        pipeline.hold();
        AuthToken token = rig.token();
        Accepted running = rig.accepted(token, 1);
        Accepted waiting = rig.accepted(token, 2);
        pipeline.awaitArrival();
        rig.orchestrator.close();
        assertEquals(Failure.Reason.STOPPED, rig.failed(running).failure().reason());
        assertEquals(Failure.Reason.STOPPED, rig.failed(waiting).failure().reason());
    }

    @Test
    void stoppingSaysOfAJobPastItsTimeThatItTookTooLong() throws InterruptedException {
        pipeline.hold();
        Accepted running = rig.accepted(rig.token(), 1);
        pipeline.awaitArrival();
        rig.clock.advance(Duration.ofSeconds(8));
        rig.orchestrator.close();
        assertEquals(
                LATE,
                rig.failed(running).failure());
    }
}
