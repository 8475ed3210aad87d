package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PollerTest {

    private static final int PATIENCE_SECONDS = 30;

    private final Poller poller = new Poller();

    @AfterEach
    void stop() {
        poller.stop();
    }

    @Test
    void aLookThatFailsIsNotTheLastOne() throws Exception {
        CountDownLatch looks = new CountDownLatch(2);
        try (Poller.Task polling = poller.start("it", () -> {
            looks.countDown();
            throw new IllegalStateException("what a test throws");
        })) {
            polling.soon();
            assertTrue(looks.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void nobodyLooksWhileSomethingIsChanged() throws Exception {
        AtomicBoolean changing = new AtomicBoolean();
        AtomicBoolean seen = new AtomicBoolean();
        CountDownLatch looked = new CountDownLatch(1);
        try (Poller.Task polling = poller.start("it", () -> {
            seen.compareAndSet(false, changing.get());
            looked.countDown();
        })) {
            looked.await();
            assertEquals("done", polling.exclusively(() -> {
                changing.set(true);
                polling.soon();
                changing.set(false);
                return "done";
            }));
            assertEquals(false, seen.get());
        }
    }

    @Test
    void nobodyLooksAfterTheEnd() {
        AtomicInteger looks = new AtomicInteger();
        Poller.Task polling = poller.start("it", looks::incrementAndGet);
        polling.now();
        polling.close();
        int before = looks.get();
        polling.now();
        assertEquals(before, looks.get());
    }
}
