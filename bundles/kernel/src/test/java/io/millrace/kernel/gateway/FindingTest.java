package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.SegmentResult.NoSession;
import io.millrace.api.gateway.Stream;
import io.millrace.api.job.Failure;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How orchestrators are found, lost, and found again. */
class FindingTest {

    private static final Duration FIRST_TIMER = GatewayRig.FIRST_TIMER;
    private static final Duration FIRST_PAUSE = GatewayRig.FIRST_PAUSE;

    private final GatewayRig rig = new GatewayRig();
    private final CountDownLatch slowAnswers = new CountDownLatch(1);

    @AfterEach
    void stop() {
        slowAnswers.countDown();
        rig.close();
    }

    private void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Consequence.RETRY_ELSEWHERE, "interrupted", e);
        }
    }

    private ScriptedOrchestrator slow(String name) {
        ScriptedOrchestrator slow = rig.orchestrator(name);
        slow.quoteDelay = () -> await(slowAnswers);
        return slow;
    }

    private void restart(String name, ScriptedOrchestrator orchestrator) {
        rig.links.with(GatewayRig.address(name), orchestrator);
    }

    @Test
    void theFirstToAnswerTakesTheFirstSegmentWhileOthersAreSilent() {
        slow("silent");
        rig.orchestrator("quick");
        assertEquals(
                GatewayRig.address("quick"), rig.transcoded(rig.send(rig.open(), 0)).orchestrator());
    }

    @Test
    void eachStreamHasASessionOfItsOwn() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            streams.add(rig.open("s" + i));
        }
        streams.forEach(stream -> rig.transcoded(rig.send(stream, 0)));
        assertEquals(8, o.submittedUnder.stream().map(AuthToken::session).distinct().count());
    }

    @Test
    void whoAnswersLateIsStillACandidate() {
        slow("late");
        rig.orchestrator("quick");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        slowAnswers.countDown();
        for (int sequence = 1; sequence < 10_000; sequence++) {
            rig.transcoded(rig.send(stream, sequence));
            List<Ranked> candidates =
                    rig.events.all(NodeEvent.Selected.class).getLast().candidates();
            if (candidates.stream().anyMatch(one ->
                    one.candidate().offer().endpoint().equals(GatewayRig.address("late")))) {
                return;
            }
        }
        throw new AssertionError("the late one never became a candidate");
    }

    @Test
    void aSuspendedOneServesWhenTheOthersAreSilent() throws InterruptedException {
        slow("silent");
        rig.orchestrator("o").fails(Failure.Kind.PEER, "broken");
        Pending pending = rig.open().submit(GatewayRig.segment(0), GatewayRig.H264);
        rig.events.await(NodeEvent.Suspended.class);
        rig.time.passUntil(() -> !rig.events.all(NodeEvent.SegmentSettled.class).isEmpty());
        rig.transcoded(rig.await(pending));
    }

    @Test
    void aFirstRoundWithoutAnyAnswerEndsAfterSixSeconds() throws InterruptedException {
        slow("silent");
        Pending pending = rig.open().submit(GatewayRig.segment(0), GatewayRig.H264);
        for (int millis : new int[] {300, 600, 1200, 2400, 1500}) {
            rig.time.awaitTimer(Duration.ofMillis(millis));
            rig.time.advance(Duration.ofMillis(millis));
        }
        assertInstanceOf(NoSession.class, rig.await(pending));
    }

    @Test
    void whoLacksACapabilityIsNotChosenAndTheReasonIsGiven() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.capabilities = Capabilities.of(0, 1).withVersion("0.9.1");
        assertEquals(
                new NoSession("https://o:8935: it lacks capabilities [12]"), rig.send(rig.open(), 0));
    }

    @Test
    void whoIsTooOldIsNotChosen() {
        rig.settings = GatewayRig.settings(10, 8, 4, "0.9.2");
        rig.orchestrator("o");
        NoSession no = assertInstanceOf(NoSession.class, rig.send(rig.open(), 0));
        assertTrue(no.message().contains("version '0.9.1'"), no.message());
    }

    @Test
    void anOrchestratorThatAppearsLaterIsUsed() throws InterruptedException {
        rig.listings.add(Listing.at(GatewayRig.address("o")).trust(1).configured(true).build());
        Stream stream = rig.open();
        assertEquals(
                new NoSession("nobody answers at https://o:8935"), rig.send(stream, 0));
        restart("o", new ScriptedOrchestrator(GatewayRig.address("o"), rig.time));
        rig.time.awaitTimer(FIRST_PAUSE);
        rig.time.advance(FIRST_PAUSE);
        awaitService(stream, 1);
    }

    @Test
    void aDirectoryThatComesLaterIsAskedAtOnce() {
        Stream stream = rig.open();
        assertInstanceOf(NoSession.class, rig.send(stream, 0));
        rig.orchestrator("o");
        rig.gateway.lookAround();
        awaitService(stream, 1);
    }

    /** Looking around happens in the background: sends until it has an effect. */
    private void awaitService(Stream stream, long from) {
        for (long sequence = from; sequence < from + 1000; sequence++) {
            if (!(rig.send(stream, sequence) instanceof NoSession)) {
                return;
            }
        }
        throw new AssertionError("nobody serves");
    }

    @Test
    void aSegmentWaitsForAnOrchestratorThatRestarts() throws InterruptedException {
        ScriptedOrchestrator old = rig.orchestrator("o");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        old.isNotReached("connection reset");
        old.quoteRefusal = () -> {
            throw new Fault(Consequence.RETRY_ELSEWHERE, "connection refused");
        };
        Pending pending = stream.submit(GatewayRig.segment(1), GatewayRig.H264);
        rig.events.await(NodeEvent.Suspended.class);
        rig.time.awaitTimer(FIRST_PAUSE);
        restart("o", new ScriptedOrchestrator(GatewayRig.address("o"), rig.time));
        rig.time.advance(FIRST_PAUSE);
        rig.transcoded(rig.await(pending));
    }

    @Test
    void aSegmentDoesNotWaitForeverForAnOrchestratorThatIsGone() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        o.isNotReached("connection reset");
        o.quoteRefusal = () -> {
            throw new Fault(Consequence.RETRY_ELSEWHERE, "connection refused");
        };
        Pending pending = stream.submit(GatewayRig.segment(1), GatewayRig.H264);
        rig.events.await(NodeEvent.Suspended.class);
        rig.time.awaitTimer(GatewaySettings.STANDARD.waitForOrchestrator());
        rig.time.advance(GatewaySettings.STANDARD.waitForOrchestrator());
        assertInstanceOf(NoSession.class, rig.await(pending));
    }

    @Test
    void aSuspendedOneIsLeftAloneAsLongAsThereAreEnoughOthers() {
        ScriptedOrchestrator bad = rig.orchestrator("bad");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        bad.fails(Failure.Kind.PEER, "broken");
        rig.orchestrator("good");
        rig.gateway.lookAround();
        rig.transcoded(rig.send(stream, 1));
        for (int sequence = 2; sequence < 20; sequence++) {
            rig.transcoded(rig.send(stream, sequence));
        }
        assertEquals(1, rig.events.all(NodeEvent.Suspended.class).size());
        assertTrue(bad.jobs.size() <= 3, () -> "jobs after the failure: " + bad.jobs.size());
    }

    @Test
    void aPolicyThatVetoesAllIsTheReasonForNoSession() {
        rig.orchestrator("o");
        rig.ports.policies().bind(
                (spec, candidates) -> candidates.stream()
                        .map(candidate -> new Ranked(candidate, false, "too dear"))
                        .toList(),
                0);
        NoSession no = assertInstanceOf(NoSession.class, rig.send(rig.open(), 0));
        assertTrue(no.message().contains("too dear"), no.message());
    }

    @Test
    void aPolicyThatFailsIsReplacedByTheStandardOneAndNamed() {
        rig.orchestrator("o");
        rig.ports.policies().bind(
                (spec, candidates) -> {
                    throw new IllegalStateException("no data");
                },
                0);
        rig.transcoded(rig.send(rig.open(), 0));
        String reason = rig.events.await(NodeEvent.Selected.class).candidates().getFirst().reason();
        assertTrue(reason.contains("the selection policy failed") && reason.contains("no data"), reason);
    }

    @Test
    void anInputThatNeedsMoreIsTakenToWhoCanDoIt() {
        ScriptedOrchestrator plain = rig.orchestrator("plain");
        plain.capabilities = Capabilities.of(0, 1, 12).withVersion("0.9.1");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        ScriptedOrchestrator rich = rig.orchestrator("rich");
        var hevc = new MediaInfo(
                VideoProfile.Container.MPEGTS, "hevc", "", 1280, 720, "yuv420p", 30, "", 60);
        rig.transcoded(rig.await(stream.submit(GatewayRig.segment(1), hevc)));
        assertEquals(1, rich.jobs.size());
        assertEquals(List.of(), rig.events.all(NodeEvent.Suspended.class));
    }

    // -- what the operator sees

    @Test
    void aGatewayWithoutOrchestratorsSaysSo() {
        assertEquals(
                List.of("no orchestrator is named: set orchestrators, such as https://host:8935"),
                rig.gateway.cautions());
    }

    @Test
    void aGatewayWhoseOrchestratorIsSilentSaysSoAndRecovers() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.quoteRefusal = () -> {
            throw new Fault(Consequence.RETRY_ELSEWHERE, "connection refused");
        };
        rig.gateway.lookAround();
        rig.time.awaitTimer(Duration.ofMillis(500));
        awaitObstacle("no orchestrator answers: https://o:8935: connection refused");
        o.quoteRefusal = Optional::empty;
        rig.time.advance(Duration.ofMillis(500));
        awaitObstacle("");
    }

    @Test
    void anOrchestratorThatIsFullAnswersAllTheSame() {
        rig.orchestrator("o").quoteRefusal =
                () -> Optional.of(new Refusal(Reason.CAPPED, "OrchestratorCapped"));
        rig.gateway.lookAround();
        awaitObstacle("");
    }

    private void awaitObstacle(String expected) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        String seen;
        do {
            seen = String.join("; ", rig.gateway.cautions());
            if (seen.equals(expected)) {
                return;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() < end);
        throw new AssertionError("expected '" + expected + "', got '" + seen + "'");
    }
}
