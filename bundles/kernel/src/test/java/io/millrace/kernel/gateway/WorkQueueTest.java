package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void anotherNumberOfParallelSegmentsHoldsForThoseThatWait() throws Exception {
        AtomicReference<GatewaySettings> settings = new AtomicReference<>(GatewayRig.settings(10, 8, 3, ""));
        Semaphore done = new Semaphore(0);
        BlockingQueue<Integer> inWorkAtEnd = new LinkedBlockingQueue<>();
        AtomicReference<WorkQueue> queue = new AtomicReference<>();
        queue.set(new WorkQueue("changed", settings::get, new QueueRoom(() -> 100L * SIZE), time, entry -> {
            done.acquireUninterruptibly();
            inWorkAtEnd.add(queue.get().inWork());
        }));
        for (int i = 0; i < 7; i++) {
            queue.get().add(entry(i));
        }
        assertEquals(3, queue.get().inWork());
        settings.set(GatewayRig.settings(10, 8, 1, ""));
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            done.release();
            seen.add(inWorkAtEnd.poll(60, TimeUnit.SECONDS));
        }
        assertEquals(List.of(3, 2, 1, 1, 1), seen);
        settings.set(GatewayRig.settings(10, 8, 5, ""));
        queue.get().add(entry(7));
        assertEquals(3, queue.get().inWork(), "those that waited, and the new one");
        done.release(3);
        queue.get().finish(Deadline.in(Duration.ofSeconds(60), time));
    }
}
