package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeEvent.JobServed;
import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.lease.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pipelines of third parties that do what they must not; the node goes on, and says whose they are. */
class ResilienceTest {

    private static final Provider BAD = new Provider("org.example.bad 1.2.3", 10);
    private static final Provider GOOD = new Provider("org.example.good 1.0.0", 0);

    private final Rig rig = new Rig();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
        rig.orchestrator.close();
    }

    private static Result made(Payload.Transcode job, Bytes input) {
        return Result.made(job.profiles().stream()
                .map(profile -> Artifact.of(profile.name(), ".ts", input).withUnits(1))
                .toList());
    }

    private void bad(AnsweringPipeline.Answer answer) {
        rig.orchestrator.add(new AnsweringPipeline(answer), BAD);
    }

    private void good() {
        rig.orchestrator.add(new AnsweringPipeline(ResilienceTest::made), GOOD);
    }

    /** Busy, and deaf to interrupts: it would keep a thread that carries others for ever. */
    private Result spin() {
        while (released.getCount() > 0) {
            Thread.onSpinWait();
        }
        return null;
    }

    private void reported(String what) {
        Misbehaved it = rig.events.await(Misbehaved.class);
        assertEquals(BAD.name(), it.bundle());
        assertEquals("pipeline", it.port());
        assertTrue(it.what().contains(what), it.what());
    }

    @Test
    void oneWithoutSomeOfItsClassesFailsItsJobAndIsNamed() {
        bad((job, input) -> {
            if (job.sequence() == 1) {
                throw new NoClassDefFoundError("org/example/Wheel");
            }
            return made(job, input);
        });
        assertEquals(
                Failure.Kind.PEER,
                rig.failed(rig.submit(rig.token(), Rig.job(1))).failure().kind());
        reported("NoClassDefFoundError");
        rig.done(rig.submit(rig.token(), Rig.job(2)));
    }

    @Test
    void oneThatReturnsNothingFailsItsJobAndIsNamed() {
        bad((job, input) -> null);
        rig.failed(rig.submit(rig.token(), Rig.job(1)));
        reported("neither made anything nor failed");
    }

    @Test
    void oneThatDoesNotSayWhatItCanDoIsPassedOver() {
        rig.orchestrator.add(new Odd(() -> null, () -> new Reservation.Capped("")), BAD);
        good();
        rig.done(rig.submit(rig.token(), Rig.job(1)));
        reported("says nothing of its capabilities");
    }

    @Test
    void oneThatCannotReserveIsPassedOverWhileThereIsAnother() {
        rig.orchestrator.add(
                new Odd(Odd::able, () -> {
                    throw new LinkageError("loaded twice");
                }),
                BAD);
        good();
        rig.done(rig.submit(rig.token(), Rig.job(1)));
        reported("loaded twice");
    }

    @Test
    void aJobForOneThatNeitherReservesNorRefusesIsRefused() {
        rig.orchestrator.add(new Odd(Odd::able, () -> null), BAD);
        assertEquals(
                Refusal.Reason.UNAVAILABLE, rig.refused(rig.token(), Rig.job(1)).reason());
        reported("NullPointerException");
    }

    @Test
    void oneThatNeverReturnsIsSetAsideAndTheOthersServe() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(3);
        bad((job, input) -> {
            begun.countDown();
            return spin();
        });
        List<Accepted> stuck = new ArrayList<>();
        AuthToken token = rig.token();
        for (int i = 0; i < 3; i++) {
            stuck.add(rig.accepted(rig.token(), i));
        }
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        rig.pass(Duration.ofSeconds(8));
        for (Accepted each : stuck) {
            assertEquals(Failure.Kind.TIMEOUT, rig.failed(each).failure().kind());
        }
        reported("goes on although it was given up");
        rig.events.await(Misbehaved.class, Misbehaved::setAside);
        assertEquals(
                List.of("the pipeline of org.example.bad 1.2.3 does not return from its calls and gets no more jobs;"
                        + " update or stop that bundle"),
                rig.orchestrator.cautions());
        assertEquals(
                Refusal.Reason.UNAVAILABLE,
                assertInstanceOf(Refusal.class, rig.submit(token, Rig.job(9))).reason());

        good();
        rig.done(rig.submit(rig.token(), Rig.job(1)));
        assertEquals(List.of(), rig.orchestrator.obstacles());
    }

    @Test
    void aLiveSessionThatItsPipelineDoesNotEndEndsAllTheSame() {
        rig.orchestrator.add(
                new Odd(Odd::able, () -> new PipelineSession() {
                    @Override
                    public Result live(LiveSpec spec, LivePorts ports) {
                        return spin();
                    }

                    @Override
                    public void close() {
                        // it holds nothing
                    }
                }),
                BAD);
        Offer offer = rig.offer();
        LiveOpening.Opened opened = assertInstanceOf(
                LiveOpening.Opened.class,
                rig.orchestrator.open(
                        Optional.of(offer.token()),
                        new LiveSpec(new ManifestId("live"), Rig.SPEC.forModel(Capability.H264, ""), ""),
                        Payment.NONE,
                        rig.deadline()));
        opened.session().close();
        reported("did not return within 5.0 s");
        rig.events.await(JobServed.class, job -> job.error().isPresent());
    }

    /** Says of itself and reserves as the test wants. */
    private record Odd(Supplier<Capabilities> said, Supplier<Reservation> reservation) implements Pipeline {

        static Capabilities able() {
            return Capabilities.of(Capability.H264, Capability.MPEGTS).withCapacity(1);
        }

        @Override
        public String name() {
            return "odd";
        }

        @Override
        public Capabilities capabilities() {
            return said.get();
        }

        @Override
        public Reservation reserve(SessionId session, JobSpec spec) {
            return reservation.get();
        }
    }
}
