package io.millrace.livepeer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.livepeer.serve.WireFixture;
import io.millrace.livepeer.support.ScriptedOrchestrator;
import io.millrace.livepeer.support.TestAccount;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.testkit.InMemoryBudget;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our gateway's side against our orchestrator's side: what goes in at one end comes out at the other. */
class RoundTripTest {

    private static final TestAccount ACCOUNT =
            new TestAccount("fad9c8855b740a0b7ed4c221dbad0f33a83a49cad6b3fe8d5817ac83d38b6a19");
    private static final Bytes SEGMENT = Bytes.utf8("a segment ".repeat(10_000));

    private static WireFixture wire;
    private static LivepeerLinks links;

    private Orchestrator remote;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        wire = new WireFixture(directory, ACCOUNT);
        links = new LivepeerLinks(ACCOUNT, new OpenGuard(), InMemoryBudget.ample(), 4, Duration.ofMinutes(1));
    }

    @BeforeEach
    void link() {
        wire.orchestrator.reset();
        remote = links.link(wire.server.uri(), Optional.of(wire.server.uri()));
    }

    @AfterAll
    static void stop() {
        links.close();
        wire.close();
    }

    @Test
    void anOfferArrivesAsItWasMade() throws Exception {
        assertEquals(
                wire.orchestrator.offer(), remote.quote(spec(), new Caller(ACCOUNT.address(), Bytes.EMPTY, Optional.empty()), soon()));
        Caller caller = wire.orchestrator.callers.poll(10, TimeUnit.SECONDS);
        assertEquals(ACCOUNT.address(), caller.address());
        assertEquals(65, caller.signature().size());
    }

    @Test
    void aSignatureThatIsNotTheCallersIsRefused() {
        Refusal refusal = assertInstanceOf(
                Refusal.class, remote.quote(spec(), new Caller(ACCOUNT.address(), Bytes.utf8("wrong"), Optional.empty()), soon()));
        assertEquals(Refusal.Reason.SIGNATURE, refusal.reason());
    }

    @Test
    void aFullOrchestratorIsNotABrokenOne() {
        wire.orchestrator.refuse(Refusal.Reason.CAPPED, "full");
        Refusal refusal = assertInstanceOf(
                Refusal.class, remote.quote(spec(), new Caller(ACCOUNT.address(), Bytes.EMPTY, Optional.empty()), soon()));
        assertTrue(refusal.reason().isBusy());
        assertTrue(refusal.message().contains("OrchestratorCapped"));
    }

    @Test
    void aSegmentGoesAndItsRenditionsCome() throws Exception {
        Accepted accepted = submit(remote);
        Completion.Done done = assertInstanceOf(Completion.Done.class, accepted.await(soon()));
        assertEquals(List.of("240p", "360p"), done.outputs().stream().map(Output::name).toList());
        assertEquals(Bytes.utf8("signed"), done.signature());
        assertEquals(wire.orchestrator.offer(), done.next().orElseThrow());
        for (Output output : done.outputs()) {
            assertEquals(SEGMENT, output.fetch(soon()));
            assertEquals(10L * SEGMENT.size(), output.units());
        }
        var submitted = wire.orchestrator.submitted.poll(10, TimeUnit.SECONDS);
        assertEquals(payload(), submitted.payload());
        assertEquals(spec(), submitted.spec());
        assertEquals(SEGMENT, submitted.body());
        assertEquals(payment(), submitted.payment());
    }

    @Test
    void aSegmentIsAcceptedWhileItsWorkIsStillWaiting() {
        wire.orchestrator.hold();
        Accepted accepted = submit(remote);
        Completion.Failed late = assertInstanceOf(
                Completion.Failed.class, accepted.await(Deadline.in(Duration.ofMillis(1), Clock.systemUTC())));
        assertEquals(Failure.Kind.TIMEOUT, late.failure().kind());
    }

    @Test
    void workThatIsGivenUpIsGivenUpOverThere() throws Exception {
        wire.orchestrator.hold();
        Accepted accepted = submit(remote);
        wire.orchestrator.awaitUnderWay();
        accepted.close();
        assertNotNull(wire.orchestrator.givenUp.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void anInterruptGivesTheWorkUp() throws Exception {
        wire.orchestrator.hold();
        Accepted accepted = submit(remote);
        wire.orchestrator.awaitUnderWay();
        Thread.currentThread().interrupt();
        Completion.Failed failed = assertInstanceOf(Completion.Failed.class, accepted.await(soon()));
        assertTrue(Thread.interrupted());
        assertEquals(Failure.Kind.CANCELLED, failed.failure().kind());
        assertNotNull(wire.orchestrator.givenUp.poll(30, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @EnumSource(
            value = Refusal.Reason.class,
            names = {
                "CAPPED", "INCOMPATIBLE", "TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", "SIGNATURE", "MALFORMED",
                "PAYMENT", "BODY_MISMATCH"
            })
    void aRefusalKeepsItsReason(Refusal.Reason reason) {
        wire.orchestrator.refuse(reason, "a reason of its own");
        Refusal refusal = assertInstanceOf(Refusal.class, trySubmit(remote));
        assertEquals(reason, refusal.reason());
    }

    @Test
    void aBusyOrchestratorIsBusyAfterAccepting() {
        wire.orchestrator.refuse(Refusal.Reason.BUSY, "queue full");
        Completion.Failed failed = assertInstanceOf(Completion.Failed.class, submit(remote).await(soon()));
        assertEquals(new Failure(Failure.Kind.BUSY, "OrchestratorBusy"), failed.failure());
    }

    @Test
    void aFailureOfTheInputIsToldFromOneOfThePeer() {
        wire.orchestrator.fail(new Failure(Failure.Kind.PEER, "No keyframes in input"));
        Completion.Failed failed = assertInstanceOf(Completion.Failed.class, submit(remote).await(soon()));
        assertEquals(Failure.Kind.INPUT, failed.failure().kind());
        assertEquals(wire.orchestrator.offer(), failed.next().orElseThrow());

        wire.orchestrator.fail(new Failure(Failure.Kind.INPUT, "TranscoderInvalidClipConfig"));
        failed = assertInstanceOf(Completion.Failed.class, submit(remote).await(soon()));
        assertEquals(Failure.Kind.PEER, failed.failure().kind());
    }

    @Test
    void aBodyThatCannotBeReadIsRefusedWithoutACall() {
        Refusal unreadable = new Refusal(Refusal.Reason.BODY_UNREADABLE, "the disk is gone");
        Job job = new Job(spec(), payload(), limit -> new Body.Read.Rejected(unreadable));
        assertEquals(unreadable, remote.submit(Optional.of(ScriptedOrchestrator.TOKEN), job, payment(), soon()));
    }

    @Test
    void aSessionEndsOnceWithItsTokenAndNotWithAnother() {
        assertEquals(Optional.empty(), remote.end(ScriptedOrchestrator.TOKEN, soon()));
        assertEquals(ScriptedOrchestrator.TOKEN, wire.orchestrator.ended.poll());
        AuthToken other = new AuthToken(
                Bytes.utf8("other"), new SessionId("x"), ScriptedOrchestrator.TOKEN.expiration());
        assertEquals(
                Refusal.Reason.TOKEN_INVALID, remote.end(other, soon()).orElseThrow().reason());
    }

    @Test
    void aPaymentBringsTheNextOffer() {
        assertEquals(
                wire.orchestrator.offer(),
                remote.credit(Optional.of(ScriptedOrchestrator.TOKEN), new BalanceId("live-1"), payment(), soon()));
    }

    @Test
    void whereNobodyListensNothingWasSent() {
        Orchestrator nobody = links.link(URI.create("https://127.0.0.1:1"), Optional.empty());
        assertInstanceOf(Submission.NotSent.class, trySubmit(nobody));
        Fault fault = assertThrows(
                Fault.class, () -> nobody.quote(spec(), new Caller(ACCOUNT.address(), Bytes.EMPTY, Optional.empty()), soon()));
        assertEquals(Fault.Consequence.RETRY_ELSEWHERE, fault.consequence());
    }

    @Test
    void anAddressOfAnotherKindIsNotLinked() {
        assertThrows(Fault.class, () -> links.link(URI.create("file:///etc/passwd"), Optional.empty()));
    }

    private static Accepted submit(Orchestrator orchestrator) {
        return assertInstanceOf(Accepted.class, trySubmit(orchestrator));
    }

    private static Submission trySubmit(Orchestrator orchestrator) {
        Job job = new Job(spec(), payload(), Body.of(SEGMENT));
        return orchestrator.submit(Optional.of(ScriptedOrchestrator.TOKEN), job, payment(), soon());
    }

    private static Payment payment() {
        return new Payment(ACCOUNT.address(), Optional.empty(), List.of(), Optional.empty());
    }

    private static JobSpec spec() {
        return JobSpec.needing(Capabilities.of(0, 1, 2, 12));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60), Clock.systemUTC());
    }

    private static Payload.Transcode payload() {
        return new Payload.Transcode(
                new ManifestId("movie"),
                3,
                Duration.ofMillis(1999),
                List.of(
                        VideoProfile.h264("240p", 426, 240, 600_000, 30).withFormat(VideoProfile.Container.MPEGTS),
                        VideoProfile.h264("360p", 640, 360, 900_000, 30).withFormat(VideoProfile.Container.MP4)),
                Optional.empty(),
                true);
    }
}
