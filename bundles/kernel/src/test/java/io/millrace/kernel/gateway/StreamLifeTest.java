package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.SegmentResult.NoSession;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamGate.Opening.Denied;
import io.millrace.api.gateway.StreamGate.Reason;
import io.millrace.api.job.Failure;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.publish.Publisher;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.gateway.session.LatencySelection;
import io.millrace.testkit.RecordingPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream from its opening to its end. */
class StreamLifeTest {

    private static final Duration GRACE = GatewaySettings.STANDARD.grace();
    private static final Duration FINISH = GatewaySettings.STANDARD.finish();

    private final GatewayRig rig = new GatewayRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void set(int maxSessions, int queueSegments, int parallelSegments) {
        rig.settings = GatewayRig.settings(maxSessions, queueSegments, parallelSegments, "");
    }

    private Reason denied(Opening opening) {
        return assertInstanceOf(Denied.class, opening).reason();
    }

    private List<Long> sources() {
        return rig.published().sources().stream().map(Segment::sequence).toList();
    }

    // -- the doors

    @Test
    void aDuplicateStreamIsRefused() {
        rig.open("a");
        assertEquals(Reason.DUPLICATE, denied(rig.gateway.open(GatewayRig.spec("a", List.of()))));
        rig.open("b");
    }

    @Test
    void oneStreamMoreThanAllowedIsRefused() {
        set(2, 8, 4);
        rig.open("a");
        rig.open("b");
        assertEquals(Reason.CAPPED, denied(rig.gateway.open(GatewayRig.spec("c", List.of()))));
    }

    @Test
    void aStreamWhosePublisherLeftMakesRoomForAnother() {
        set(1, 8, 4);
        rig.open("a").close();
        rig.open("b");
        assertEquals("a", rig.events.await(NodeEvent.StreamEnded.class).manifest().value());
    }

    @Test
    void aDrainedGatewayTakesNoNewStreamAndSaysWhy() {
        assertTrue(rig.gateway.drain(Deadline.in(FINISH, rig.time)));
        assertEquals(Reason.DRAINING, denied(rig.gateway.open(GatewayRig.spec("a", List.of()))));
        assertEquals(List.of("the gateway finishes what it has and takes nothing new"), rig.gateway.obstacles());
    }

    // -- a publisher that leaves

    @Test
    void aPublisherThatComesBackInTimeGoesOn() throws InterruptedException {
        rig.orchestrator("o");
        Stream first = rig.open();
        rig.send(first, 0);
        rig.send(first, 1);
        first.close();
        rig.time.awaitTimer(GRACE);
        rig.time.advance(GRACE.minusMillis(1));
        Stream second = rig.open();
        assertEquals(2, second.nextSequence());
        rig.transcoded(rig.send(second, 2));
        second.end();
        rig.published().awaitClosed();
        assertEquals(List.of(0L, 1L, 2L), sources());
        assertEquals(
                List.of(false, true),
                rig.events.all(NodeEvent.StreamStarted.class).stream()
                        .map(NodeEvent.StreamStarted::resumed)
                        .toList());
        assertEquals(3, rig.events.await(NodeEvent.StreamEnded.class).segments());
    }

    @Test
    void aStreamEndsWhenItsPublisherDoesNotComeBack() throws InterruptedException {
        Stream stream = rig.open();
        stream.close();
        rig.time.awaitTimer(GRACE);
        rig.time.advance(GRACE);
        rig.events.await(NodeEvent.StreamEnded.class);
        assertTrue(rig.published().isClosed());
    }

    @Test
    void theGraceOfAPublisherThatCameBackIsOver() throws InterruptedException {
        rig.open().close();
        rig.time.awaitTimer(GRACE);
        Stream second = rig.open();
        rig.time.advance(GRACE);
        assertInstanceOf(NoSession.class, rig.send(second, 0));
        assertFalse(rig.published().isClosed());
    }

    @Test
    void whoLeftCanNeitherSendNorEndTheStreamOfWhoCameBack() {
        Stream first = rig.open();
        first.close();
        Stream second = rig.open();
        assertInstanceOf(Dropped.class, rig.send(first, 0));
        first.close();
        first.end();
        assertInstanceOf(NoSession.class, rig.send(second, 0));
    }

    @Test
    void aPublisherThatComesBackForOtherRenditionsBeginsAnew() {
        rig.open().close();
        GatewayRig.opened(
                rig.gateway.open(GatewayRig.spec(GatewayRig.MANIFEST.value(), List.of(GatewayRig.SMALL))));
        rig.events.await(NodeEvent.StreamEnded.class);
        assertEquals(
                List.of("small"),
                rig.events.all(NodeEvent.StreamStarted.class).getLast().renditions());
    }

    // -- order and room

    @Test
    void segmentsPushedOutOfOrderGetTheirOwnAnswersAndArePublishedInOrder() throws InterruptedException {
        rig.orchestrator("o");
        Stream stream = rig.open();
        List<Pending> pending = new ArrayList<>();
        for (long sequence : new long[] {2, 0, 3, 1}) {
            pending.add(stream.submit(GatewayRig.segment(sequence), GatewayRig.H264));
        }
        List<String> answers = pending.stream()
                .map(one -> rig.transcoded(rig.await(one)).renditions().getFirst().data().utf8())
                .toList();
        assertEquals(List.of("segment 2", "segment 0", "segment 3", "segment 1"), answers);
        stream.end();
        rig.published().awaitClosed();
        assertEquals(List.of(0L, 1L, 2L, 3L), sources());
        assertEquals(List.of(0L, 1L, 2L, 3L), List.copyOf(rig.published().renditions().keySet()));
    }

    @Test
    void aMissingNumberHoldsThePlaylistForAWhileOnlyAndNeverTheAnswers() throws InterruptedException {
        rig.orchestrator("o");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        rig.transcoded(rig.send(stream, 2));
        assertEquals(List.of(0L), sources());
        rig.time.awaitTimer(GatewaySettings.STANDARD.reorderWait());
        rig.time.advance(GatewaySettings.STANDARD.reorderWait());
        stream.end();
        rig.published().awaitClosed();
        assertEquals(List.of(0L, 2L), sources());
        assertTrue(rig.published().sources().getLast().discontinuity());
    }

    @Test
    void aSegmentSentTwiceIsAnsweredTwiceAndPublishedOnce() throws InterruptedException {
        rig.orchestrator("o");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        rig.transcoded(rig.send(stream, 0));
        stream.end();
        rig.published().awaitClosed();
        assertEquals(List.of(0L), sources());
    }

    @Test
    void aPublisherThatBeginsAnewIsPublishedAfterAMark() throws InterruptedException {
        rig.orchestrator("o");
        Stream stream = rig.open();
        for (long sequence : new long[] {0, 1, 2, 0, 1}) {
            rig.transcoded(rig.send(stream, sequence));
        }
        stream.end();
        rig.published().awaitClosed();
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), sources());
        assertTrue(rig.published().sources().get(3).discontinuity());
    }

    @Test
    void whenWorkComesFasterThanItIsDoneTheOldestWaitingSegmentIsDropped() throws InterruptedException {
        set(10, 2, 1);
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.hold();
        Stream stream = rig.open();
        List<Pending> pending = new ArrayList<>();
        for (long sequence = 0; sequence < 4; sequence++) {
            pending.add(stream.submit(GatewayRig.segment(sequence), GatewayRig.H264));
        }
        assertEquals(new Dropped("work comes faster than it is done"), rig.await(pending.get(1)));
        o.release(3);
        for (int i : new int[] {0, 2, 3}) {
            rig.transcoded(rig.await(pending.get(i)));
        }
        stream.end();
        rig.published().awaitClosed();
        assertEquals(List.of(), rig.published().renditions().get(1L));
        assertEquals(List.of(0L, 1L, 2L, 3L), List.copyOf(rig.published().renditions().keySet()));
        assertEquals(1, rig.events.await(NodeEvent.StreamEnded.class).dropped());
    }

    @Test
    void asManySegmentsAsAllowedAreInWorkAtOnce() throws InterruptedException {
        set(10, 8, 3);
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.hold();
        Stream stream = rig.open();
        for (long sequence = 0; sequence < 5; sequence++) {
            stream.submit(GatewayRig.segment(sequence), GatewayRig.H264);
        }
        for (int i = 0; i < 3; i++) {
            o.awaitArrival();
        }
        StreamStatus status = rig.gateway.streams().getFirst();
        assertEquals(3, status.inFlight());
        assertEquals(5, status.segments());
        assertEquals(Optional.of(GatewayRig.address("o")), status.orchestrator());
        assertEquals(3, o.jobs.size());
        o.release(5);
    }

    // -- the end

    @Test
    void theLastSegmentIsFinishedBeforeThePlaylistAndTheSessionEnd() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.hold();
        Stream stream = rig.open();
        Pending last = stream.submit(GatewayRig.segment(0), GatewayRig.H264);
        o.awaitArrival();
        Thread end = Thread.ofVirtual().start(stream::end);
        rig.time.awaitTimer(FINISH);
        assertFalse(rig.published().isClosed());
        assertTrue(o.ended.isEmpty());
        o.release(1);
        rig.transcoded(rig.await(last));
        rig.published().awaitClosed();
        assertEquals(2, rig.published().renditions().get(0L).size());
        assertEquals(o.submittedUnder.getFirst(), o.awaitEnd());
        end.join();
        assertEquals(List.of(), rig.gateway.streams());
    }

    @Test
    void segmentsAfterTheEndAreDropped() {
        Stream stream = rig.open();
        stream.end();
        assertEquals(new Dropped("the stream ended"), rig.send(stream, 0));
    }

    @Test
    void aStreamMayBeOpenedAgainAfterItsEnd() {
        rig.open().end();
        assertEquals(0, rig.open().nextSequence());
    }

    @Test
    void anOperatorEndsAStreamByItsName() {
        rig.open();
        assertTrue(rig.gateway.endStream(GatewayRig.MANIFEST));
        assertFalse(rig.gateway.endStream(new ManifestId("other")));
        assertTrue(rig.published().isClosed());
    }

    @Test
    void drainingFinishesTheWorkInHandAndClosesEveryPlaylist() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.hold();
        Pending pending = rig.open().submit(GatewayRig.segment(0), GatewayRig.H264);
        o.awaitArrival();
        AtomicReference<Boolean> inTime = new AtomicReference<>();
        Thread drain = Thread.ofVirtual()
                .start(() -> inTime.set(rig.gateway.drain(Deadline.in(Duration.ofSeconds(7), rig.time))));
        rig.time.awaitTimer(Duration.ofSeconds(7));
        o.release(1);
        drain.join();
        assertEquals(true, inTime.get());
        rig.transcoded(rig.await(pending));
        assertTrue(rig.published().isClosed());
    }

    @Test
    void aPublisherHandsInWhatItHasBeforeItsStreamIsEnded() {
        rig.orchestrator("o");
        Stream stream = rig.open();
        AtomicReference<Pending> last = new AtomicReference<>();
        stream.whenEnding(() -> {
            last.set(stream.submit(GatewayRig.segment(0), GatewayRig.H264));
            stream.close();
        });
        assertTrue(rig.gateway.drain(Deadline.in(FINISH, rig.time)));
        rig.transcoded(rig.await(last.get()));
        assertTrue(rig.published().isClosed());
    }

    @Test
    void aPublisherThatDoesNotCloseHoldsTheEndUpForAMoment() throws InterruptedException {
        Stream stream = rig.open();
        stream.whenEnding(() -> {});
        Thread end = Thread.ofVirtual().start(() -> rig.gateway.endStream(GatewayRig.MANIFEST));
        rig.time.awaitTimer(Duration.ofSeconds(2));
        rig.time.advance(Duration.ofSeconds(2));
        end.join();
        assertEquals(List.of(), rig.gateway.streams());
    }

    @Test
    void aPublisherThatEndsItsStreamItselfIsNotToldOfIt() {
        Stream stream = rig.open();
        AtomicBoolean told = new AtomicBoolean();
        stream.whenEnding(() -> told.set(true));
        stream.end();
        assertFalse(told.get());
        assertTrue(rig.published().isClosed());
    }

    @Test
    void nobodyReturnsToAStreamThatIsAboutToEnd() {
        Stream stream = rig.open();
        AtomicReference<Opening> again = new AtomicReference<>();
        stream.whenEnding(() -> {
            stream.close();
            again.set(rig.gateway.open(GatewayRig.spec("rig", List.of(GatewayRig.LARGE, GatewayRig.SMALL))));
        });
        assertTrue(rig.gateway.endStream(GatewayRig.MANIFEST));
        assertInstanceOf(Denied.class, again.get());
    }

    @Test
    void aGatewayThatIsShutLetsStreamsGoOnAndPublishersComeBack() throws InterruptedException {
        rig.orchestrator("o");
        Stream stream = rig.open();
        rig.gateway.shut();
        assertTrue(rig.gateway.draining());
        assertEquals(1, rig.gateway.obstacles().size());
        rig.transcoded(rig.send(stream, 0));
        stream.close();
        Stream again = rig.open();
        rig.transcoded(rig.send(again, 1));
        Denied denied = assertInstanceOf(
                Denied.class, rig.gateway.open(GatewayRig.spec("other", List.of(GatewayRig.SMALL))));
        assertEquals(Reason.DRAINING, denied.reason());
        AtomicBoolean idle = new AtomicBoolean();
        Thread wait = Thread.ofVirtual()
                .start(() -> idle.set(rig.gateway.awaitIdle(Deadline.in(Duration.ofSeconds(77), rig.time))));
        rig.time.awaitTimer(Duration.ofSeconds(77));
        again.end();
        wait.join();
        assertTrue(idle.get());
    }

    @Test
    void waitingForTheLastStreamHasAnEnd() throws InterruptedException {
        rig.open();
        AtomicBoolean idle = new AtomicBoolean(true);
        Thread wait = Thread.ofVirtual()
                .start(() -> idle.set(rig.gateway.awaitIdle(Deadline.in(Duration.ofSeconds(77), rig.time))));
        rig.time.awaitTimer(Duration.ofSeconds(77));
        rig.time.advance(Duration.ofSeconds(77));
        wait.join();
        assertFalse(idle.get());
    }

    @Test
    void drainingTellsWhenSomethingWasNotFinished() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        o.hold();
        Pending pending = rig.open().submit(GatewayRig.segment(0), GatewayRig.H264);
        o.awaitArrival();
        assertFalse(rig.gateway.drain(Deadline.in(Duration.ZERO, rig.time)));
        assertInstanceOf(Dropped.class, rig.await(pending));
        assertTrue(rig.published().isClosed());
    }

    // -- publishers

    @Test
    void withoutAnOrchestratorTheSourcePlaysOn() throws InterruptedException {
        Stream stream = rig.open();
        assertEquals(new NoSession("no orchestrator is named"), rig.send(stream, 0));
        assertInstanceOf(NoSession.class, rig.send(stream, 1));
        stream.end();
        rig.published().awaitClosed();
        assertEquals(List.of(0L, 1L), sources());
        assertEquals(List.of(), rig.published().renditions().get(1L));
    }

    @Test
    void aPublisherThatFailsHurtsNoOther() {
        rig.orchestrator("o");
        rig.ports.publishers().bind(
                spec -> {
                    throw new IllegalStateException("disk full");
                },
                1);
        rig.transcoded(rig.send(rig.open(), 0));
        assertEquals(List.of(0L), sources());
    }

    @Test
    void aPublisherThatHangsDoesNotStopTheWork() throws InterruptedException {
        rig.orchestrator("o");
        CountDownLatch release = new CountDownLatch(1);
        rig.ports.publishers().bind(
                spec -> {
                    try {
                        release.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new RecordingPublisher().open(spec);
                },
                1);
        SegmentResult result = rig.send(rig.open(), 0);
        release.countDown();
        rig.transcoded(result);
    }

    @Test
    void aPublisherThatComesWhileTheStreamRunsGetsWhatIsStillToCome() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Stream stream = rig.open();
        rig.send(stream, 0);
        rig.published().awaitRenditions(0);
        o.hold();
        Pending pending = stream.submit(GatewayRig.segment(1), GatewayRig.H264);
        o.awaitArrival();
        o.awaitArrival();
        RecordingPublisher late = new RecordingPublisher();
        rig.ports.publishers().bind(late, 0);
        o.release(1);
        rig.transcoded(rig.await(pending));
        stream.end();
        late.of(GatewayRig.MANIFEST).awaitClosed();
        assertEquals(1, late.of(GatewayRig.MANIFEST).sources().getFirst().sequence());
        assertEquals(List.of(1L), List.copyOf(late.of(GatewayRig.MANIFEST).renditions().keySet()));
        assertEquals(List.of(0L, 1L), sources());
    }

    @Test
    void aPublisherThatTakesLongToBeginMissesNothing() throws InterruptedException {
        rig.orchestrator("o");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch opened = new CountDownLatch(1);
        RecordingPublisher slow = new RecordingPublisher();
        rig.ports.publishers().bind(
                spec -> {
                    boolean interrupted = true;
                    while (interrupted) {
                        try {
                            interrupted = !begun.await(60, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            // it does not hear that it is late
                            interrupted = true;
                        }
                    }
                    Publisher.Publication publication = slow.open(spec);
                    opened.countDown();
                    return publication;
                },
                0);
        Stream stream = rig.open();
        for (int sequence = 0; sequence < 3; sequence++) {
            rig.transcoded(rig.send(stream, sequence));
        }
        rig.events.await(NodeEvent.Misbehaved.class);
        begun.countDown();
        for (int sequence = 3; sequence < 6; sequence++) {
            rig.transcoded(rig.send(stream, sequence));
        }
        stream.end();
        assertTrue(opened.await(30, TimeUnit.SECONDS));
        slow.of(GatewayRig.MANIFEST).awaitClosed();
        assertEquals(6, slow.of(GatewayRig.MANIFEST).sources().size());
        slow.of(GatewayRig.MANIFEST).renditions().values().forEach(renditions -> assertEquals(2, renditions.size()));
        assertEquals(6, slow.of(GatewayRig.MANIFEST).renditions().size());
    }

    @Test
    void aCopyThatFailsDoesNotEraseTheSegmentThatWasDone() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 1));
        o.fails(Failure.Kind.INPUT, "the copy is broken");
        assertInstanceOf(SegmentResult.Untranscodable.class, rig.send(stream, 1));
        stream.end();
        rig.published().awaitClosed();
        assertEquals(2, rig.published().renditions().get(1L).size());
    }

    /** Whoever is called may wait for somebody who calls the gateway: that is a deadlock if a lock is held meanwhile. */
    @Test
    void directoriesPoliciesListenersAndPublishersAreCalledUnderNoLock() {
        rig.orchestrator("o");
        List<String> locked = new CopyOnWriteArrayList<>();
        Consumer<String> probe = who -> {
            Thread other = Thread.ofVirtual().start(() -> {
                rig.gateway.streams();
                rig.gateway.cautions();
                rig.gateway.lookAround();
                rig.gateway.open(GatewayRig.spec("rig", List.of()));
            });
            try {
                if (!other.join(Duration.ofSeconds(20))) {
                    locked.add(who);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        AtomicBoolean inDirectory = new AtomicBoolean();
        rig.ports.directories().bind(
                () -> {
                    if (inDirectory.compareAndSet(false, true)) {
                        probe.accept("directory");
                        inDirectory.set(false);
                    }
                    return List.of();
                },
                0);
        rig.ports.policies().bind(
                (spec, candidates) -> {
                    probe.accept("policy");
                    return new LatencySelection().rank(spec, candidates);
                },
                0);
        rig.ports.publishers().bind(
                spec -> {
                    probe.accept("publisher");
                    return new RecordingPublisher().open(spec);
                },
                0);
        rig.listener = event -> probe.accept("listener " + event.getClass().getSimpleName());
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        stream.end();
        assertEquals(List.of(), locked);
    }
}
