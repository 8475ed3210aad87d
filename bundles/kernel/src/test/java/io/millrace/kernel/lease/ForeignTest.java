package io.millrace.kernel.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.testkit.RecordingEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ForeignTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Provider MILL = new Provider("org.example.mill 1.0.0", 0);

    private final RecordingEvents events = new RecordingEvents();
    private final Foreign foreign = new Foreign("mill", events);
    private final Leased<Object> leased = new Leased<>("mill", InstantSource.system());

    private Lease<Object> lease() {
        leased.bind(MILL, MILL);
        return leased.take(new Deadline(Instant.MAX));
    }

    @Test
    void aCallRunsOnAThreadThatCarriesNoOther() {
        boolean virtual = foreign.call(lease(), LONG, mill -> Thread.currentThread().isVirtual());
        assertFalse(virtual);
        assertEquals(List.of(), events.all());
    }

    @Test
    void whatIsThrownIsReportedWithTheNameOfTheBundle() {
        CallFailed unfit = assertThrows(CallFailed.class, () -> foreign.call(lease(), LONG, mill -> {
            throw new NoClassDefFoundError("org/example/Wheel");
        }));
        assertEquals(
                "org.example.mill 1.0.0 failed: java.lang.NoClassDefFoundError: org/example/Wheel", unfit.getMessage());
        assertFalse(unfit.isLate());
        assertEquals(
                List.of(new KernelEvents.Misbehaved(
                        MILL.name(), "mill", "a call failed: java.lang.NoClassDefFoundError: org/example/Wheel", false)),
                events.all());
    }

    @Test
    void aStackThatOverflowsIsTheCallsOwn() {
        CallFailed unfit = assertThrows(CallFailed.class, () -> foreign.call(lease(), LONG, ForeignTest::deeper));
        assertInstanceOf(StackOverflowError.class, unfit.getCause());
    }

    private static Object deeper(Object mill) {
        return deeper(List.of(mill));
    }

    @Test
    void oneThatNeverReturnsIsLeftBehindAndItsInstanceSetAside() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Lease<Object> lease = lease();
        ForeignCall<Object, Object> last = null;
        for (int i = 0; i < Slot.MOST_HANGING; i++) {
            last = foreign.begin(lease, mill -> {
                while (never.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return mill;
            });
            ForeignCall<Object, Object> call = last;
            assertTrue(assertThrows(CallFailed.class, () -> call.await(Duration.ofMillis(1))).isLate());
        }
        assertEquals(List.of(MILL), leased.setAside());
        assertEquals(
                List.of(false, false, true),
                events.all(Misbehaved.class).stream().map(Misbehaved::setAside).toList());
        assertEquals("a call did not return within 0.001 s", events.all(Misbehaved.class).getFirst().what());

        CountDownLatch over = new CountDownLatch(1);
        last.whenOver(over::countDown);
        never.countDown();
        assertTrue(over.await(30, TimeUnit.SECONDS));
        assertEquals(List.of(), leased.setAside());
    }

    @Test
    void aCallerWhoIsInterruptedHandsThatOn() {
        Thread.currentThread().interrupt();
        boolean interrupted = foreign.call(lease(), LONG, mill -> {
            try {
                new CountDownLatch(1).await();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        assertTrue(interrupted);
        assertTrue(Thread.interrupted());
    }

    @Test
    void anInterruptOfOneCallDoesNotReachTheNext() {
        aCallerWhoIsInterruptedHandsThatOn();
        for (int i = 0; i < 10; i++) {
            boolean interrupted = foreign.call(lease(), LONG, mill -> Thread.currentThread().isInterrupted());
            assertFalse(interrupted);
        }
    }

    @Test
    void aThreadDoesNotKeepTheClassLoaderOfWhoeverCalledFirst() {
        ClassLoader mine = Thread.currentThread().getContextClassLoader();
        ClassLoader caller = new ClassLoader(mine) {};
        Thread.currentThread().setContextClassLoader(caller);
        try {
            ClassLoader seen =
                    foreign.call(lease(), LONG, mill -> Thread.currentThread().getContextClassLoader());
            assertEquals(Provider.class.getClassLoader(), seen);
        } finally {
            Thread.currentThread().setContextClassLoader(mine);
        }
    }
}
