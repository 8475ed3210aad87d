package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.Stream;
import io.millrace.api.resource.Budget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams that share room for three segments, and how many of theirs are in work at once. */
class SegmentQueueTest {

    private static final long SIZE = GatewayRig.segment(0).data().size() + Budget.PIECE_OVERHEAD;

    private final GatewayRig rig = new GatewayRig();
    private final ScriptedOrchestrator o = rig.orchestrator("o");

    SegmentQueueTest() {
        o.hold();
        rig.settings = GatewayRig.settings(10, 8, 1, "");
        rig.budget.limit(3 * SIZE);
    }

    @AfterEach
    void stop() {
        o.release(1000);
        rig.close();
    }

    private Pending submit(Stream stream, long sequence) {
        return stream.submit(GatewayRig.segment(sequence), GatewayRig.H264);
    }

    private void dropped(Pending pending) {
        assertEquals(
                "work comes faster than it is done",
                assertInstanceOf(Dropped.class, rig.await(pending)).message());
    }

    @Test
    void aStreamMakesRoomWithItsOwnOldestWaitingSegment() throws InterruptedException {
        Stream one = rig.open("one");
        Stream other = rig.open("other");
        Pending inWork = submit(one, 0);
        o.awaitArrival();
        Pending waiting = submit(one, 1);
        Pending others = submit(other, 0);
        o.awaitArrival();
        Pending latest = submit(one, 2);
        dropped(waiting);
        rig.budget.limit(1L << 30);
        o.release(3);
        for (Pending pending : List.of(inWork, others, latest)) {
            rig.transcoded(rig.await(pending));
        }
    }

    @Test
    void aStreamWithNothingThatWaitsDropsTheNewOne() throws InterruptedException {
        Stream one = rig.open("one");
        submit(one, 0);
        o.awaitArrival();
        submit(one, 1);
        submit(one, 2);
        dropped(submit(rig.open("other"), 0));
    }

    @Test
    void whatIsDoneAndPublishedOrGivenUpMakesRoom() throws InterruptedException {
        Stream one = rig.open("one");
        List<Pending> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(submit(one, i));
        }
        rig.budget.limit(1L << 30);
        o.release(3);
        for (Pending pending : all) {
            rig.transcoded(rig.await(pending));
        }
        one.end();
        assertEquals(0, rig.budget.used());
    }

    @Test
    void anotherNumberOfParallelSegmentsHoldsForThoseThatWait() throws InterruptedException {
        rig.budget.limit(1L << 30);
        rig.settings = GatewayRig.settings(10, 8, 3, "");
        Stream stream = rig.open();
        for (int i = 0; i < 7; i++) {
            submit(stream, i);
        }
        for (int i = 0; i < 3; i++) {
            o.awaitArrival();
        }
        assertEquals(3, inWork());
        rig.settings = GatewayRig.settings(10, 8, 1, "");
        o.release(3);
        o.awaitArrival();
        assertEquals(1, inWork());
        rig.settings = GatewayRig.settings(10, 8, 5, "");
        submit(stream, 7);
        for (int i = 0; i < 4; i++) {
            o.awaitArrival();
        }
        assertEquals(5, inWork());
    }

    private int inWork() {
        return rig.gateway.streams().getFirst().inFlight();
    }
}
