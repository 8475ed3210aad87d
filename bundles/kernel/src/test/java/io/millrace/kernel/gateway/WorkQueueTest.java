package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Segments of two streams that share room for three. */
class WorkQueueTest {

    private static final int SIZE = GatewayRig.segment(0).data().size();

    private final ManualTime time = new ManualTime();
    private final CountDownLatch released = new CountDownLatch(1);
    private final QueueRoom room = new QueueRoom(() -> 3L * SIZE);
    private final WorkQueue one = queue("one");
    private final WorkQueue other = queue("other");

    @AfterEach
    void release() {
        released.countDown();
    }

    private WorkQueue queue(String name) {
        GatewaySettings settings = GatewayRig.settings(10, 8, 1, "");
        return new WorkQueue(name, () -> settings, room, time, entry -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private SegmentEntry entry(long sequence) {
        return new SegmentEntry(GatewayRig.segment(sequence), GatewayRig.H264, false, time);
    }

    @Test
    void aStreamMakesRoomWithItsOwnOldestWaitingSegment() {
        assertEquals(List.of(), one.add(entry(0)));
        SegmentEntry waiting = entry(1);
        assertEquals(List.of(), one.add(waiting));
        assertEquals(List.of(), other.add(entry(0)));
        assertEquals(List.of(waiting), one.add(entry(2)));
    }

    @Test
    void aStreamWithNothingThatWaitsDropsTheNewOne() {
        one.add(entry(0));
        one.add(entry(1));
        one.add(entry(2));
        SegmentEntry late = entry(0);
        assertEquals(List.of(late), other.add(late));
    }

    @Test
    void whatIsDoneOrGivenUpMakesRoom() {
        one.add(entry(0));
        one.add(entry(1));
        one.add(entry(2));
        released.countDown();
        one.finish(Deadline.in(Duration.ofSeconds(60), time));
        assertEquals(List.of(), other.add(entry(0)));
        assertEquals(List.of(), other.add(entry(1)));
        other.finish(Deadline.in(Duration.ofSeconds(60), time));
        for (int i = 3; i < 6; i++) {
            assertEquals(List.of(), one.add(entry(i)));
        }
    }
}
