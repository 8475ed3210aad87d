package io.millrace.kernel.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.lease.Leased.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeasedTest {

    private static final Deadline NEVER = new Deadline(Instant.MAX);
    private static final Deadline PAST = new Deadline(Instant.EPOCH);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Limits PATIENT = new Limits(LONG, LONG, 100);

    private final Leased<Object> leased = new Leased<>("mill", InstantSource.system(), PATIENT);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void theHighestRankingIsTakenAndAmongEqualsTheNewest() {
        Object first = bound(0);
        assertSame(first, best());
        Object second = bound(0);
        assertSame(second, best());
        Object high = bound(5);
        bound(1);
        assertSame(high, best());
        leased.unbind(high);
        leased.bind(first, 9);
        assertSame(first, best());
    }

    @Test
    void equalInstancesAreToldApartByIdentity() {
        String one = new String("mill");
        String other = new String("mill");
        leased.bind(one, 0);
        leased.bind(other, 0);
        leased.unbind(one);
        assertSame(other, best());
    }

    @Test
    void withdrawingAnInstanceWaitsForItsOwnLeasesOnly() throws Exception {
        Object old = bound(0);
        Lease<Object> ofOld = leased.take(NEVER);
        Object fresh = bound(1);
        Lease<Object> ofFresh = leased.take(NEVER);
        assertSame(fresh, ofFresh.get());
        CountDownLatch told = new CountDownLatch(1);
        Future<Boolean> gone = threads.submit(() -> {
            told.countDown();
            return leased.unbind(old);
        });
        assertTrue(told.await(30, TimeUnit.SECONDS));
        while (!ofOld.withdrawn()) {
            Thread.onSpinWait();
        }
        assertFalse(gone.isDone());
        ofOld.close();
        ofOld.close();
        assertTrue(gone.get(30, TimeUnit.SECONDS));
        ofFresh.close();
    }

    @Test
    void withdrawingGivesUpOnALeaseThatNeverComesBack() {
        Leased<Object> hasty = new Leased<>("mill", InstantSource.system(), new Limits(Duration.ZERO, LONG, 1));
        Object instance = new Object();
        hasty.bind(instance, 0);
        Lease<Object> lease = hasty.take(NEVER);
        assertFalse(hasty.unbind(instance));
        assertTrue(lease.withdrawn());
        assertTrue(hasty.isEmpty());
    }

    @Test
    void aCallerInAGapParksUntilSomebodyComes() throws Exception {
        Object gone = bound(0);
        leased.unbind(gone);
        Future<Object> parked = threads.submit(() -> leased.call(NEVER, instance -> instance));
        Object fresh = bound(0);
        assertSame(fresh, parked.get(30, TimeUnit.SECONDS));
    }

    @Test
    void aCallerWhomNobodySuitsParksUntilSomebodyDoes() throws Exception {
        bound(0);
        Object wanted = new Object();
        Future<Object> parked = threads.submit(() -> {
            try (Lease<Object> lease = leased.take(instance -> instance == wanted, NEVER)) {
                return lease.get();
            }
        });
        leased.bind(wanted, -1);
        assertSame(wanted, parked.get(30, TimeUnit.SECONDS));
    }

    @Test
    void aCallerWhoseDeadlineHasPassedIsToldThatNobodyIsThere() {
        Fault fault = assertThrows(Fault.class, () -> leased.take(PAST));
        assertEquals("no mill is there", fault.getMessage());
        assertEquals(Fault.Consequence.RETRY_ELSEWHERE, fault.consequence());
    }

    @Test
    void noMoreCallersParkThanAllowed() throws Exception {
        Leased<Object> narrow = new Leased<>("mill", InstantSource.system(), new Limits(LONG, LONG, 2));
        List<Future<Object>> calls = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch oneRefused = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
            calls.add(threads.submit(() -> {
                try {
                    return narrow.call(NEVER, instance -> instance);
                } catch (Fault e) {
                    assertEquals("too many calls wait for a mill", e.getMessage());
                    refused.incrementAndGet();
                    oneRefused.countDown();
                    return e;
                }
            }));
        }
        assertTrue(oneRefused.await(30, TimeUnit.SECONDS));
        narrow.bind(new Object(), 0);
        for (Future<Object> call : calls) {
            call.get(30, TimeUnit.SECONDS);
        }
        assertEquals(1, refused.get());
    }

    @Test
    void anInterruptedCallerStopsWaiting() {
        Thread.currentThread().interrupt();
        assertThrows(Fault.class, () -> leased.take(NEVER));
        assertTrue(Thread.interrupted());
    }

    @Test
    void allWhoAreThereAreTakenAtOneMoment() {
        Object first = bound(0);
        Object second = bound(1);
        List<Lease<Object>> all = leased.takeAll(instance -> true);
        assertEquals(List.of(second, first), all.stream().map(Lease::get).toList());
        all.forEach(Lease::close);
        assertEquals(
                List.of(first),
                leased.takeAll(instance -> instance != second).stream().map(Lease::get).toList());
    }

    /** However fast they are replaced: a list that is looked at before it is leased is outrun. */
    @Test
    void nobodyWhoIsReplacedIsMissed() throws Exception {
        AtomicReference<Object> current = new AtomicReference<>(bound(0));
        AtomicBoolean running = new AtomicBoolean(true);
        Future<?> swapper = threads.submit(() -> {
            while (running.get()) {
                Object next = bound(0);
                leased.unbind(current.getAndSet(next));
            }
        });
        for (int i = 0; i < 10_000; i++) {
            List<Lease<Object>> all = leased.takeAll(instance -> true);
            assertFalse(all.isEmpty());
            all.forEach(Lease::close);
        }
        running.set(false);
        swapper.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aSuccessorIsAwaitedOnlyWhereSomebodyJustLeft() throws Exception {
        assertFalse(leased.awaitSuccessor());
        leased.unbind(bound(0));
        Future<Boolean> waits = threads.submit(leased::awaitSuccessor);
        bound(0);
        assertTrue(waits.get(30, TimeUnit.SECONDS));
    }

    @Test
    void whoHangsTooOftenIsSetAsideUntilItReturns() {
        Provider provider = new Provider("org.example.mill 1.0.0", 5);
        Object stuck = new Object();
        Object other = bound(0);
        leased.bind(stuck, provider);
        List<Lease<Object>> leases = new ArrayList<>();
        for (int i = 0; i < Slot.MOST_HANGING; i++) {
            assertSame(stuck, best());
            Lease<Object> lease = leased.take(NEVER);
            leases.add(lease);
            assertEquals(i == Slot.MOST_HANGING - 1, lease.hangs());
        }
        assertEquals(List.of(provider), leased.setAside());
        assertSame(other, best());
        leases.getFirst().close();
        assertEquals(List.of(), leased.setAside());
        assertSame(stuck, best());
    }

    @Test
    void aWorkerWhoseCallsHangIsSetAsideAloneUntilOneReturns() {
        Provider provider = new Provider("org.example.mill 1.0.0", 5);
        Object fleet = new Object();
        leased.bind(fleet, provider);
        List<Lease<Object>> hanging = new ArrayList<>();
        for (int i = 0; i < Slot.MOST_HANGING; i++) {
            try (Lease<Object> lease = leased.take(NEVER)) {
                hanging.add(lease.share("w1"));
                hanging.getLast().hangs();
            }
        }
        assertEquals(Map.of(provider, Set.of("w1")), leased.workersSetAside());
        assertEquals(List.of(), leased.setAside());
        try (Lease<Object> lease = leased.take(NEVER);
                Lease<Object> same = lease.share("w1");
                Lease<Object> other = lease.share("w2")) {
            assertTrue(same.setAside());
            assertFalse(other.setAside());
        }
        hanging.getFirst().close();
        assertEquals(Map.of(), leased.workersSetAside());
    }

    @Test
    void callsThatHangDoNotHoldUpAWithdrawal() {
        Object stuck = bound(0);
        Lease<Object> lease = leased.take(NEVER);
        lease.hangs();
        assertFalse(leased.unbind(stuck));
        lease.close();
    }

    @Test
    void aSharedLeaseOutlivesTheFirst() throws Exception {
        Object instance = bound(0);
        Lease<Object> first = leased.take(NEVER);
        Lease<Object> second = first.share();
        first.close();
        Future<Boolean> gone = threads.submit(() -> leased.unbind(instance));
        while (!second.withdrawn()) {
            Thread.onSpinWait();
        }
        assertFalse(gone.isDone());
        second.close();
        assertTrue(gone.get(30, TimeUnit.SECONDS));
    }

    /** Each instance is in use only between its coming and its leaving, however often it is replaced. */
    @Test
    void noCallEverMeetsAnInstanceThatHasLeft() throws Exception {
        Leased<AtomicBoolean> mills = new Leased<>("mill", InstantSource.system(), PATIENT);
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(20);
        AtomicInteger broken = new AtomicInteger();
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            callers.add(threads.submit(() -> {
                while (running.get()) {
                    mills.call(NEVER, alive -> {
                        boolean before = alive.get();
                        Thread.yield();
                        calls.incrementAndGet();
                        begun.countDown();
                        return before && alive.get() || broken.incrementAndGet() > 0;
                    });
                }
            }));
        }
        AtomicBoolean current = new AtomicBoolean(true);
        mills.bind(current, 0);
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        for (int i = 0; i < 200; i++) {
            boolean inPlace = i % 2 == 0;
            AtomicBoolean next = new AtomicBoolean(true);
            if (!inPlace) {
                mills.bind(next, 0);
            }
            assertTrue(mills.unbind(current));
            current.set(false);
            if (inPlace) {
                mills.bind(next, 0);
            }
            current = next;
        }
        running.set(false);
        for (Future<?> caller : callers) {
            caller.get(30, TimeUnit.SECONDS);
        }
        assertEquals(0, broken.get(), broken + " of " + calls + " calls met one that had left");
    }

    private Object bound(int ranking) {
        Object instance = new Object();
        leased.bind(instance, ranking);
        return instance;
    }

    private Object best() {
        return leased.call(NEVER, instance -> instance);
    }
}
