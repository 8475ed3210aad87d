package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.MediaPart;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.NodeSecret;
import io.millrace.kernel.lease.Leased.Limits;
import io.millrace.kernel.lease.Provider;
import io.millrace.testkit.TextPipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Pipelines come and go while sessions work. */
class HotSwapTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static Result made(Payload.Transcode job, Bytes input) {
        return Result.made(job.profiles().stream()
                .map(profile -> Artifact.of(profile.name(), ".ts", input).withUnits(10))
                .toList());
    }

    private static AnsweringPipeline pipeline() {
        return new AnsweringPipeline((job, input) -> {
            Thread.yield();
            return made(job, input);
        });
    }

    private static Rig rig(Limits limits) {
        return new Rig(Rig.sessions(100), NodeSecret.fresh(), limits);
    }

    @Test
    void twentySessionsLoseNoJobWhileTheirPipelineIsReplacedAgainAndAgain() throws Exception {
        Rig rig = rig(new Limits(LONG, LONG, 100));
        List<AnsweringPipeline> all = new ArrayList<>();
        AnsweringPipeline current = pipeline();
        all.add(current);
        rig.orchestrator.add(current, Rig.SOMEBODY);
        AtomicBoolean running = new AtomicBoolean(true);
        Semaphore done = new Semaphore(0);
        List<Future<Void>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                callers.add(threads.submit(() -> {
                    AuthToken token = rig.token();
                    for (long sequence = 0; running.get(); sequence++) {
                        Submission submission = rig.submit(token, Rig.job(sequence));
                        Completion end = assertInstanceOf(Accepted.class, submission, submission::toString)
                                .await(rig.deadline());
                        assertInstanceOf(Completion.Done.class, end, end::toString);
                        assertInstanceOf(Offer.class, rig.quote());
                        done.release();
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 50; i++) {
                done.drainPermits();
                assertTrue(done.tryAcquire(20, 30, TimeUnit.SECONDS), "the work stands still");
                AnsweringPipeline next = pipeline();
                all.add(next);
                boolean inPlace = i % 2 == 0;
                if (!inPlace) {
                    rig.orchestrator.add(next, Rig.SOMEBODY);
                }
                rig.orchestrator.remove(current);
                current.gone.set(true);
                if (inPlace) {
                    rig.orchestrator.add(next, Rig.SOMEBODY);
                }
                current = next;
            }
            running.set(false);
            for (Future<Void> caller : callers) {
                caller.get(30, TimeUnit.SECONDS);
            }
        }
        for (AnsweringPipeline pipeline : all) {
            assertFalse(pipeline.usedWhenGone.get());
        }
        for (AnsweringPipeline pipeline : all.subList(0, all.size() - 1)) {
            assertEquals(0, pipeline.seats.get(), "reservations left behind");
        }
    }

    @Test
    void aSessionStaysWithItsPipelineWhenABetterOneComesBesideIt() {
        Rig rig = rig(Limits.STANDARD);
        AnsweringPipeline old = pipeline();
        rig.orchestrator.add(old, Rig.SOMEBODY);
        AuthToken token = rig.token();
        rig.done(rig.submit(token, Rig.job(1)));
        AnsweringPipeline fresh = pipeline();
        rig.orchestrator.add(fresh, new Provider("better", 1));
        rig.done(rig.submit(token, Rig.job(2)));
        assertEquals(0, fresh.seats.get());
        rig.done(rig.submit(rig.token(), Rig.job(1)));
        assertEquals(1, fresh.seats.get());
        rig.orchestrator.remove(old);
        rig.done(rig.submit(token, Rig.job(3)));
        assertEquals(2, fresh.seats.get());
        assertEquals(0, old.seats.get());
    }

    /** Work that is longer than a withdrawal waits: new beside old, new sessions to the new, the old one drained. */
    @Test
    void aLiveSessionStaysWithTheOldPipelineUntilItEndsWhileNewOnesGoToTheNew() {
        Rig rig = rig(Limits.STANDARD);
        JobSpec spec = JobSpec.needing(Capabilities.of(TextPipeline.CAPABILITY)).forModel(TextPipeline.CAPABILITY, "");
        TextPipeline old = new TextPipeline();
        rig.orchestrator.add(old, Rig.SOMEBODY);
        LivePorts before = live(rig, new LiveSpec(new ManifestId("before"), spec, "old "));
        TextPipeline fresh = new TextPipeline();
        rig.orchestrator.add(fresh, Rig.SOMEBODY);
        LivePorts after = live(rig, new LiveSpec(new ManifestId("after"), spec, "new "));
        for (int i = 0; i < 3; i++) {
            assertEquals("old a", answer(rig, before));
            assertEquals("new a", answer(rig, after));
        }
        before.close();
        rig.events.await(NodeEvent.JobServed.class);
        rig.orchestrator.remove(old);
        assertEquals("new a", answer(rig, after));
        after.close();
    }

    private static LivePorts live(Rig rig, LiveSpec spec) {
        return assertInstanceOf(
                        LiveOpening.Opened.class,
                        rig.orchestrator.open(Optional.of(rig.token()), spec, Payment.NONE, rig.deadline()))
                .session()
                .ports();
    }

    private static String answer(Rig rig, LivePorts ports) {
        ports.media().send(MediaPart.whole(0, Bytes.utf8("a")), rig.deadline());
        return ports.result().next(rig.deadline()).orElseThrow().data().utf8();
    }

    @Test
    void aJobWhosePipelineIsTakenAwayUnderItIsDoneByTheNext() throws Exception {
        Rig rig = rig(new Limits(Duration.ZERO, LONG, 100));
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch torn = new CountDownLatch(1);
        AnsweringPipeline old = new AnsweringPipeline((job, input) -> {
            arrived.countDown();
            torn.await();
            throw new IllegalStateException("stopped on purpose");
        });
        rig.orchestrator.add(old, Rig.SOMEBODY);
        Accepted accepted = rig.accepted(rig.token(), 1);
        assertTrue(arrived.await(30, TimeUnit.SECONDS));
        rig.orchestrator.remove(old);
        torn.countDown();
        rig.orchestrator.add(pipeline(), Rig.SOMEBODY);
        rig.done(accepted);
    }

    @Test
    void aPipelineThatLeftIsStillOfferedForTenSecondsAndNoLonger() {
        Rig rig = rig(new Limits(LONG, Duration.ZERO, 100));
        AnsweringPipeline pipeline = pipeline();
        rig.orchestrator.add(pipeline, Rig.SOMEBODY);
        AuthToken token = rig.token();
        rig.orchestrator.remove(pipeline);
        rig.pass(Duration.ofMillis(9999));
        assertTrue(rig.offer().capabilities().has(Capability.H264));
        assertEquals(
                new Failure(
                        Failure.Kind.PEER, Failure.Reason.NO_PIPELINE, "no pipeline is there that can do the job"),
                rig.failed(rig.submit(token, Rig.job(1))).failure());
        rig.pass(Duration.ofMillis(1));
        Refusal unavailable = new Refusal(Refusal.Reason.UNAVAILABLE, "no pipeline is there that can do something");
        assertEquals(unavailable, rig.quote());
        assertEquals(unavailable, rig.submit(token, Rig.job(1)));
    }

    @Test
    void jobsThatWaitForAPipelineAreBounded() {
        Rig rig = rig(new Limits(LONG, LONG, 2));
        AnsweringPipeline pipeline = pipeline();
        rig.orchestrator.add(pipeline, Rig.SOMEBODY);
        List<Accepted> accepted = new ArrayList<>();
        List<AuthToken> tokens = List.of(rig.token(), rig.token(), rig.token());
        rig.orchestrator.remove(pipeline);
        for (AuthToken token : tokens) {
            accepted.add(rig.accepted(token, 1));
        }
        rig.events.await(NodeEvent.JobServed.class, served -> served.error().isPresent());
        rig.orchestrator.add(pipeline, Rig.SOMEBODY);
        List<Completion> ends = accepted.stream().map(rig::await).toList();
        assertEquals(2, ends.stream().filter(Completion.Done.class::isInstance).count());
        assertEquals(1, ends.stream().filter(Completion.Failed.class::isInstance).count());
    }
}
