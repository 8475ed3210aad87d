package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.SegmentResult.NoSession;
import io.millrace.api.gateway.SegmentResult.Untranscodable;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.Failure;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.event.KernelEvents;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a segment, whatever its orchestrators do. */
class AttemptsTest {

    private static final Settled USED = new Settled.Used(BigInteger.valueOf(2000));
    private static final Settled LOST = new Settled.Lost();
    private static final Settled NOT_SENT = new Settled.NotSent();
    private static final Settled NOT_KNOWN = new Settled.NotKnown();

    private final GatewayRig rig = new GatewayRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private List<NodeEvent.Suspended> suspended() {
        return rig.events.all(NodeEvent.Suspended.class);
    }

    private int attempts(long sequence) {
        return rig.events
                .await(NodeEvent.SegmentSettled.class, settled -> settled.sequence() == sequence)
                .attempts();
    }

    // -- the good case

    @Test
    void aSegmentComesBackAsItsRenditionsInProfileOrder() {
        rig.orchestrator("o");
        SegmentResult.Transcoded made = rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(
                List.of(GatewayRig.LARGE, GatewayRig.SMALL),
                made.renditions().stream().map(rendition -> rendition.profile()).toList());
        assertEquals(GatewayRig.address("o"), made.orchestrator());
        assertEquals(List.of(USED), rig.payer.settled);
        assertEquals(1, attempts(0));
    }

    @Test
    void theEstimateIsTheProfilesPixelsForWholeSecondsAndTwoPercentMore() {
        rig.orchestrator("o");
        rig.await(rig.open().submit(GatewayRig.segment(0, Duration.ofMillis(1100)), GatewayRig.H264));
        assertEquals(List.of(BigInteger.valueOf((640 * 360 + 320 * 180) * 30L * 2 * 102 / 100)), rig.payer.staged);
    }

    @Test
    void eachChoiceIsExplained() {
        rig.orchestrator("one");
        rig.orchestrator("two");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        rig.transcoded(rig.send(stream, 1));
        NodeEvent.Selected second =
                rig.events.await(NodeEvent.Selected.class, selected -> selected.sequence() == 1);
        Ranked best = second.candidates().getFirst();
        assertEquals(second.chosen(), best.candidate().offer().endpoint());
        assertEquals("It works in no time and keeps the stream.", best.reason());
    }

    @Test
    void theNextOfferOfAReplyIsUsedForTheNextJob() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        var next = o.offer();
        o.answers(job -> {
            Completion.Done done = ScriptedOrchestrator.copies(job);
            return done.withNext(Optional.of(next));
        });
        Stream stream = rig.open();
        rig.send(stream, 0);
        rig.send(stream, 1);
        assertEquals(next.token(), o.submittedUnder.getLast());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE})
    void whatAnOrchestratorSaysItDidIsPaidWithinReason(long said) {
        rig.orchestrator("o").answers(job -> ScriptedOrchestrator.copies(job).withUnits(said));
        rig.transcoded(rig.send(rig.open(), 0));
        Settled.Used used = assertInstanceOf(Settled.Used.class, rig.payer.settled.getFirst());
        assertEquals(said < 0 ? BigInteger.ZERO : rig.payer.staged.getFirst().shiftLeft(1), used.units());
    }

    // -- failures that another attempt may mend

    /** Fails its first job; only then there is another one. */
    private void failsOnceAnotherOneIsThere(ScriptedOrchestrator first, String other, Failure failure) {
        first.answers(job -> {
            rig.orchestrator(other);
            rig.gateway.lookAround();
            return new Completion.Failed(failure, Optional.empty());
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.Kind.class,
            names = {"PEER", "TIMEOUT"})
    void aPeerThatFailsIsSuspendedAndAnotherOneTakesTheSegment(Failure.Kind kind) {
        failsOnceAnotherOneIsThere(rig.orchestrator("bad"), "good", new Failure(kind, "no luck"));
        SegmentResult.Transcoded made = rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(GatewayRig.address("good"), made.orchestrator());
        assertEquals(
                List.of(new KernelEvents.Suspended(GatewayRig.address("bad"), "no luck")), suspended());
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {
                "UNAVAILABLE", "MALFORMED", "SIGNATURE", "PAYMENT", "PAYMENT_INACTIVE", "BODY_MISMATCH", "BODY_TOO_LARGE",
                "BODY_UNREADABLE"
            })
    void aRefusalThatBlamesThePeerSuspendsIt(Reason reason) {
        rig.orchestrator("o").refuses(reason, "because");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(1, suspended().size());
        assertEquals(List.of(LOST, USED), rig.payer.settled);
        assertEquals(2, attempts(0));
    }

    @Test
    void theOnlyOrchestratorIsUsedAgainAfterItFailed() {
        ScriptedOrchestrator o = rig.orchestrator("o").fails(Failure.Kind.PEER, "once");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(2, o.quoted.size());
        assertEquals(2, attempts(0));
    }

    @Test
    void aJobThatWasNotSentCostsNothing() {
        rig.orchestrator("o").isNotReached("connection refused");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(List.of(NOT_SENT, USED), rig.payer.settled);
    }

    @Test
    void aSuspendedSessionIsEndedOnceItsWorkIsOver() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o").fails(Failure.Kind.PEER, "once");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(o.submittedUnder.getFirst(), o.awaitEnd());
    }

    @Test
    void afterTheLastAttemptTheSegmentIsUntranscodableWithTheLastReason() {
        rig.orchestrator("o")
                .fails(Failure.Kind.PEER, "first")
                .fails(Failure.Kind.PEER, "second")
                .fails(Failure.Kind.PEER, "third");
        Stream stream = rig.open();
        assertEquals(new Untranscodable("hit max transcode attempts: third"), rig.send(stream, 0));
        assertEquals(List.of(LOST, LOST, LOST), rig.payer.settled);
        rig.transcoded(rig.send(stream, 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Consequence.class,
            names = {"RETRY_HERE", "RETRY_ELSEWHERE"})
    void aCallThatBreaksOffIsTriedAgainWithoutBlame(Consequence consequence) {
        rig.orchestrator("o").breaksOff(consequence, "reset");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(List.of(NOT_KNOWN, USED), rig.payer.settled);
        assertEquals(List.of(), suspended());
    }

    @Test
    void aFaultOfThePeerSuspendsIt() {
        rig.orchestrator("o").breaksOff(Consequence.SUSPEND_PEER, "nonsense");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals("nonsense", suspended().getFirst().reason());
    }

    @Test
    void anAnswerWithTooFewRenditionsIsAFailure() {
        rig.orchestrator("o").answers(job -> Completion.Done.of(List.of(ScriptedOrchestrator.output("large", () -> Bytes.utf8("x")))));
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals("it made 1 of 2 renditions", suspended().getFirst().reason());
    }

    @Test
    void aRenditionThatCannotBeFetchedIsAFailureOfItsPeer() {
        rig.orchestrator("o").answers(job -> Completion.Done.of(List.of(
                        ScriptedOrchestrator.output("large", () -> Bytes.utf8("x")),
                        ScriptedOrchestrator.output("small", () -> {
                            throw new Fault(Consequence.RETRY_ELSEWHERE, "404 ErrNotFound");
                        }))));
        rig.transcoded(rig.send(rig.open(), 0));
        assertTrue(suspended().getFirst().reason().contains("404 ErrNotFound"));
        assertEquals(List.of(USED, USED), rig.payer.settled);
    }

    @Test
    void aResultThatAVerifierObjectsToIsNotTaken() {
        rig.orchestrator("o").answers(job -> Completion.Done.of(List.of(
                        ScriptedOrchestrator.output("large", () -> Bytes.utf8("forged")),
                        ScriptedOrchestrator.output("small", () -> Bytes.utf8("forged")))));
        rig.ports.verifiers().bind(
                (source, offer, result, renditions) -> renditions.getFirst().data().utf8().equals("forged")
                        ? Optional.of("the picture is not that of the source")
                        : Optional.empty(),
                0);
        SegmentResult.Transcoded made = rig.transcoded(rig.send(rig.open(), 0));
        assertEquals("segment 0", made.renditions().getFirst().data().utf8());
        assertEquals("the picture is not that of the source", suspended().getFirst().reason());
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"INCOMPATIBLE", "PAYMENT_RESERVE"})
    void aRefusalThatConcernsOneOrchestratorTakesTheSegmentToAnotherWithoutBlame(Reason reason) {
        Map<URI, ScriptedOrchestrator> both = Map.of(
                GatewayRig.address("one"), rig.orchestrator("one"), GatewayRig.address("two"), rig.orchestrator("two"));
        Stream stream = rig.open();
        SegmentResult.Transcoded made = rig.transcoded(rig.send(stream, 0));
        long sequence = 1;
        while (rig.events.all(NodeEvent.Selected.class).getLast().candidates().size() < 2) {
            made = rig.transcoded(rig.send(stream, sequence++));
        }
        both.get(made.orchestrator()).refuses(reason, "not here");
        SegmentResult.Transcoded elsewhere = rig.transcoded(rig.send(stream, sequence));
        assertNotEquals(made.orchestrator(), elsewhere.orchestrator());
        assertEquals(List.of(), suspended());
    }

    // -- failures that no attempt mends

    @Test
    void aBadInputIsNotTriedAgainAndItsSessionStays() {
        ScriptedOrchestrator o = rig.orchestrator("o").fails(Failure.Kind.INPUT, "TranscoderInvalidVideo");
        Stream stream = rig.open();
        assertEquals(new Untranscodable("TranscoderInvalidVideo"), rig.send(stream, 0));
        rig.transcoded(rig.send(stream, 1));
        assertEquals(1, o.quoted.size());
        assertEquals(List.of(), suspended());
        assertEquals(List.of(LOST, USED), rig.payer.settled);
    }

    @Test
    void anAccountThatCannotPayIsNoFaultOfThePeer() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        rig.payer.broke = true;
        assertEquals(new Untranscodable("the deposit is used up"), rig.send(rig.open(), 0));
        assertEquals(List.of(), o.submittedUnder);
        assertEquals(List.of(), suspended());
    }

    @Test
    void anUnknownCodecIsSentToNobody() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        MediaInfo av1 = new MediaInfo(VideoProfile.Container.MP4, "av1", "", 640, 360, "", 30, "", 60);
        assertEquals(
                new Untranscodable("Unknown input stream codec=av1"),
                rig.await(rig.open().submit(GatewayRig.segment(0), av1)));
        assertEquals(List.of(), o.submittedUnder);
    }

    // -- busy is not broken

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"CAPPED", "BUSY", "DRAINING"})
    void aFullOrchestratorIsAskedAgainALittleLater(Reason reason) throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o").refuses(reason, "OrchestratorBusy");
        Pending pending = rig.open().submit(GatewayRig.segment(0), GatewayRig.H264);
        o.awaitArrival();
        rig.time.awaitTimer(Duration.ofMillis(500));
        rig.time.advance(Duration.ofMillis(500));
        rig.transcoded(rig.await(pending));
        assertEquals(List.of(), suspended());
        assertEquals(1, attempts(0));
        assertEquals(List.of(LOST, USED), rig.payer.settled);
    }

    @Test
    void anotherOneTakesTheSegmentOfAFullOrchestratorAtOnce() {
        failsOnceAnotherOneIsThere(
                rig.orchestrator("full"), "free", new Failure(Failure.Kind.BUSY, "OrchestratorBusy"));
        SegmentResult.Transcoded made = rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(GatewayRig.address("free"), made.orchestrator());
        assertEquals(List.of(), suspended());
    }

    @Test
    void aSegmentGivesUpWhenEverybodyStaysFull() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        for (int i = 0; i < 20; i++) {
            o.refuses(Reason.CAPPED, "OrchestratorCapped");
        }
        Pending pending = rig.open().submit(GatewayRig.segment(0), GatewayRig.H264);
        for (int millis : new int[] {500, 1000, 2000, 4000}) {
            o.awaitArrival();
            rig.time.awaitTimer(Duration.ofMillis(millis));
            rig.time.advance(Duration.ofMillis(millis));
        }
        o.awaitArrival();
        rig.time.awaitTimer(Duration.ofMillis(500));
        rig.time.advance(Duration.ofMillis(500));
        assertEquals(new NoSession("all orchestrators are full: OrchestratorCapped"), rig.await(pending));
        assertEquals(List.of(), suspended());
    }

    // -- tokens

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {
                "TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", "PAYMENT_EXPIRED", "PAYMENT_NONCE", "PAYMENT_PRICE",
                "PAYMENT_BALANCE"
            })
    void anOfferThatNoLongerHoldsIsRenewedAndTheSegmentHandedInAgain(Reason reason) {
        ScriptedOrchestrator o = rig.orchestrator("o").refuses(reason, "invalid auth token");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(2, o.quoted.size());
        assertEquals("o-2", o.submittedUnder.getLast().session().value());
        assertEquals(List.of(), suspended());
        assertEquals(1, attempts(0));
        assertEquals(List.of(LOST, USED), rig.payer.settled);
    }

    @Test
    void anOrchestratorThatRefusesItsNewTokenTooIsSuspended() {
        rig.orchestrator("o").refuses(Reason.TOKEN_INVALID, "invalid").refuses(Reason.TOKEN_INVALID, "invalid");
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(1, suspended().size());
    }

    @Test
    void aTokenIsRenewedThreeMinutesBeforeItExpiresAndTheOldSessionEnds() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Stream stream = rig.open();
        rig.send(stream, 0);
        rig.time.advance(Duration.ofMinutes(27));
        rig.send(stream, 1);
        assertEquals(1, o.quoted.size());
        rig.time.advance(Duration.ofSeconds(1));
        rig.transcoded(rig.send(stream, 2));
        assertEquals(2, o.quoted.size());
        assertEquals(o.submittedUnder.getFirst(), o.awaitEnd());
        assertEquals("o-2", o.submittedUnder.getLast().session().value());
    }

    @Test
    void aTokenThatStillHoldsIsUsedWhenRenewalMeetsAFullOrchestrator() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Stream stream = rig.open();
        rig.send(stream, 0);
        o.quoteRefusal = () -> Optional.of(
                new Refusal(Reason.CAPPED, "OrchestratorCapped"));
        rig.time.advance(Duration.ofMinutes(28));
        rig.transcoded(rig.send(stream, 1));
        assertEquals("o-1", o.submittedUnder.getLast().session().value());
        assertEquals(List.of(), suspended());
    }

    // -- what is not sent at all

    @Test
    void aSegmentWithoutAFrameIsEveryRenditionItself() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        MediaInfo silent = new MediaInfo(VideoProfile.Container.MPEGTS, "h264", "aac", 0, 0, "", 0, "", 0);
        SegmentResult.Transcoded made =
                rig.transcoded(rig.await(rig.open().submit(GatewayRig.segment(0), silent)));
        assertEquals(2, made.renditions().size());
        made.renditions().forEach(rendition -> assertEquals("segment 0", rendition.data().utf8()));
        assertEquals(List.of(), o.submittedUnder);
    }

    @Test
    void aSegmentLongerThanFiveMinutesIsRefused() {
        rig.orchestrator("o");
        Stream stream = rig.open();
        assertEquals(
                new Untranscodable("invalid duration 300.001"),
                rig.await(stream.submit(GatewayRig.segment(0, Duration.ofMillis(300_001)), GatewayRig.H264)));
        rig.transcoded(rig.await(stream.submit(GatewayRig.segment(0, Duration.ofMinutes(5)), GatewayRig.H264)));
    }

    // -- what is sent

    @Test
    void aChangeOfTheSourceIsToldToTheOrchestrator() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Stream stream = rig.open();
        MediaInfo larger = new MediaInfo(
                VideoProfile.Container.MPEGTS, "h264", "aac", 1920, 1080, "yuv420p", 30, "", 60);
        rig.await(stream.submit(GatewayRig.segment(0), GatewayRig.H264));
        rig.await(stream.submit(GatewayRig.segment(1), larger));
        rig.await(stream.submit(GatewayRig.segment(2), larger));
        assertEquals(
                List.of(false, true, false), o.jobs.stream().map(job -> job.reinit()).toList());
    }

    @Test
    void profilesWithoutAContainerFollowTheInput() {
        ScriptedOrchestrator o = rig.orchestrator("o");
        VideoProfile unset = VideoProfile.h264("p", 640, 360, 500_000, 30);
        StreamSpec spec = new StreamSpec(new ManifestId("push"), List.of(unset), "http", true, 1);
        MediaInfo mp4 = new MediaInfo(VideoProfile.Container.MP4, "h264", "", 640, 360, "", 30, "", 60);
        rig.await(GatewayRig.opened(rig.gateway.open(spec)).submit(GatewayRig.segment(0), mp4));
        assertEquals(VideoProfile.Container.MP4, o.jobs.getFirst().profiles().getFirst().format());
        Capabilities needs = o.needed.getLast().needs().orElseThrow();
        assertTrue(needs.has(26) && needs.has(2), needs::toString);
    }

    @Test
    void workThatIsCutOffIsDropped() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.hold();
        Stream stream = rig.open();
        Pending pending = stream.submit(GatewayRig.segment(0), GatewayRig.H264);
        o.awaitArrival();
        Thread end = Thread.ofVirtual().start(stream::end);
        rig.time.awaitTimer(Duration.ofSeconds(10));
        rig.time.advance(Duration.ofSeconds(10));
        assertInstanceOf(Dropped.class, rig.await(pending));
        end.join();
        assertEquals(List.of(), suspended());
        assertEquals(List.of(LOST), rig.payer.awaitSettled(1));
    }

    @Test
    void renditionsThatTheMemoryHasNoRoomForAreNotKeptAndNothingStaysCharged() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        for (int i = 0; i < 3; i++) {
            o.answers(job -> Completion.Done.of(List.of(
                    ScriptedOrchestrator.output("large", () -> Bytes.wrap(new byte[1 << 20])),
                    ScriptedOrchestrator.output("small", () -> Bytes.wrap(new byte[1 << 20])))));
        }
        rig.budget.limit(1 << 20);
        Stream stream = rig.open();
        Untranscodable no = assertInstanceOf(Untranscodable.class, rig.send(stream, 0));
        assertTrue(no.message().contains("the memory of this gateway has no room for it"), no.message());
        rig.transcoded(rig.send(stream, 1));
        stream.end();
        assertEquals(0, rig.budget.used());
        assertEquals(List.of(), suspended());
    }
}
