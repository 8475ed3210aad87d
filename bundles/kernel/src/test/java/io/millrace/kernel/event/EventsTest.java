package io.millrace.kernel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.node.NodeEvent;
import io.millrace.kernel.lease.Provider;
import io.millrace.testkit.RecordingEvents;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static final Provider SOMEBODY = new Provider("org.example.ear 1.0.0", 0);
    private static final NodeEvent EVENT = new KernelEvents.JobRefused("CAPPED", "OrchestratorCapped");

    @Test
    void everyListenerHearsOfItThoughOneThrows() {
        Events events = new Events(InstantSource.system());
        RecordingEvents before = new RecordingEvents();
        RecordingEvents after = new RecordingEvents();
        events.bind(before, SOMEBODY);
        events.bind(
                event -> {
                    throw new IllegalStateException("on purpose");
                },
                SOMEBODY);
        events.bind(after, SOMEBODY);
        events.happened(EVENT);
        events.flush();
        assertEquals(List.of(EVENT), before.all());
        assertEquals(List.of(EVENT), after.all());
    }

    @Test
    void aListenerThatLeftHearsNothing() {
        Events events = new Events(InstantSource.system());
        RecordingEvents listener = new RecordingEvents();
        events.bind(listener, SOMEBODY);
        events.unbind(listener);
        events.happened(EVENT);
        events.flush();
        assertEquals(List.of(), listener.all());
    }

    @Test
    void aListenerThatNeverReturnsIsSetAside() {
        Events events = new Events(InstantSource.system());
        RecordingEvents other = new RecordingEvents();
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        events.bind(
                event -> {
                    calls.incrementAndGet();
                    while (never.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                },
                SOMEBODY);
        events.bind(other, SOMEBODY);
        for (int i = 0; i < 5; i++) {
            events.happened(EVENT);
        }
        assertEquals(5, other.await(5, NodeEvent.JobRefused.class).size());
        never.countDown();
        assertEquals(3, calls.get());
    }

    @Test
    void theWorkDoesNotWaitForAListener() {
        Events events = new Events(InstantSource.system());
        CountDownLatch released = new CountDownLatch(1);
        RecordingEvents after = new RecordingEvents();
        events.bind(
                event -> {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    after.happened(event);
                },
                SOMEBODY);
        events.happened(EVENT);
        // it has returned although the listener has not
        assertEquals(List.of(), after.all());
        released.countDown();
        assertEquals(EVENT, after.await(NodeEvent.JobRefused.class));
    }
}
