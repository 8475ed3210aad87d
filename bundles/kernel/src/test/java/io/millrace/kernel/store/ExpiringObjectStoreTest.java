package io.millrace.kernel.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.ObjectStoreContract;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExpiringObjectStoreTest extends ObjectStoreContract {

    private static final Bytes HALF = Bytes.of(new byte[400 << 10]);

    private final ManualClock clock = new ManualClock();
    private final InMemoryBudget budget = new InMemoryBudget(4 << 20);
    private final ExpiringObjectStore store = new ExpiringObjectStore(budget, clock);

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void whatNobodyFetchesGoesAfterAWhile() {
        String path = store.put(new SessionId("a"), "0/0.png", HALF);
        clock.advance(ExpiringObjectStore.LIFE.minus(Duration.ofSeconds(1)));
        assertTrue(store.get(path).isPresent());
        clock.advance(Duration.ofSeconds(1));
        assertTrue(store.get(path).isEmpty());
        assertEquals(0, budget.used());
    }

    @Test
    void whereMemoryIsShortTheOldestMakesWayThoughNobodyFetchedIt() {
        String first = store.put(new SessionId("a"), "0/0.png", HALF);
        String second = store.put(new SessionId("b"), "0/0.png", HALF);
        String third = store.put(new SessionId("c"), "0/0.png", HALF);
        assertTrue(store.get(first).isEmpty());
        assertTrue(store.get(second).isPresent());
        assertTrue(store.get(third).isPresent());
    }

    @Test
    void anAnswerThatIsTooLargeForAllMemoryIsRefusedAndItsPartsDoNotPushEachOtherOut() {
        SessionId session = new SessionId("a");
        String first = store.put(session, "0/0.png", HALF);
        store.put(session, "1/1.png", HALF);
        assertThrows(Fault.class, () -> store.put(session, "2/2.png", HALF));
        assertTrue(store.get(first).isPresent());
    }

    @Test
    void resultsThatNobodyFetchesLeaveThreeQuartersOfTheMemoryToWork() {
        for (int i = 0; i < 20; i++) {
            store.put(new SessionId("s" + i), "0/0.png", HALF);
        }
        assertTrue(budget.used() <= budget.limit() / 4, () -> budget.used() + " bytes are used");
    }

    @Test
    void whatIsTooOldGoesThoughNobodyCallsTheStoreAndTheRestWhenItCloses() throws Exception {
        GatewayStoreComponent own = new GatewayStoreComponent(budget, clock, 1, TimeUnit.MILLISECONDS);
        own.put(new SessionId("a"), "0/0.png", HALF);
        clock.advance(ExpiringObjectStore.LIFE);
        while (budget.used() > 0) {
            assertFalse(Thread.currentThread().isInterrupted(), "nothing went in time");
            Thread.onSpinWait();
        }
        own.put(new SessionId("b"), "0/0.png", HALF);
        own.deactivate();
        assertEquals(0, budget.used());
        assertTrue(own.get("b/0/0.png").isEmpty());
    }

    @Test
    void thereAreOnlySoManySessions() {
        String first = store.put(new SessionId("first"), "0/0.png", Bytes.utf8("x"));
        for (int i = 0; i < ExpiringObjectStore.MOST; i++) {
            store.put(new SessionId("s" + i), "0/0.png", Bytes.utf8("x"));
        }
        assertTrue(store.get(first).isEmpty());
    }
}
