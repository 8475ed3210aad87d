package io.millrace.ops.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Deadline;
import io.millrace.ops.FakeNode;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainComponentTest {

    private final ManualClock clock = new ManualClock();
    private final BlockingQueue<String> stopped = new LinkedBlockingQueue<>();

    private DrainComponent drain(FakeNode node) {
        return new DrainComponent(
                node,
                Duration.ofSeconds(300),
                Duration.ofSeconds(15),
                clock,
                Optional.of(() -> stopped.add("stopped")));
    }

    @Test
    void aStopDrainsTheNodeWithinItsLimit() {
        FakeNode node = new FakeNode();
        drain(node).run();
        assertEquals(List.of(Deadline.in(Duration.ofSeconds(15), clock)), node.drained);
        assertEquals(List.of(), node.letEnd);
    }

    @Test
    void aDrainedNodeStopsWhenAllHasEndedOrItsLimitHasPassed() throws InterruptedException {
        FakeNode node = new FakeNode();
        drain(node).begin(Duration.ofSeconds(60));
        assertEquals("stopped", stopped.poll(30, TimeUnit.SECONDS));
        node.endsInTime = false;
        drain(node).begin(Duration.ofSeconds(70));
        assertEquals("stopped", stopped.poll(30, TimeUnit.SECONDS));
        assertEquals(
                List.of(Deadline.in(Duration.ofSeconds(60), clock), Deadline.in(Duration.ofSeconds(70), clock)),
                node.letEnd);
    }

    @Test
    void theLimitThatWasSaidLastHolds() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeNode node = new FakeNode() {
            @Override
            public boolean letEnd(Deadline deadline) {
                if (letEnd.isEmpty()) {
                    super.letEnd(deadline);
                    try {
                        waiting.countDown();
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        Thread.currentThread().interrupt();
                    }
                    return false;
                }
                return super.letEnd(deadline);
            }
        };
        DrainComponent drain = drain(node);
        drain.begin(Duration.ofSeconds(60));
        assertTrue(waiting.await(30, TimeUnit.SECONDS));
        drain.begin(Duration.ZERO);
        assertTrue(interrupted.await(30, TimeUnit.SECONDS));
        assertEquals("stopped", stopped.poll(30, TimeUnit.SECONDS));
        assertNull(stopped.poll());
        assertEquals(Deadline.in(Duration.ZERO, clock), node.letEnd.getLast());
    }
}
