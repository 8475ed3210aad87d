package io.millrace.kernel.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.ObjectStoreContract;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreContract {

    private static final SessionId SESSION = new SessionId("0a1b2c3d");
    private static final SessionId OTHER = new SessionId("ffffffff");
    private static final Bytes KILOBYTE = Bytes.of(new byte[1024]);
    private static final Deadline NOW = new Deadline(Instant.EPOCH);

    /** What an object of a kilobyte is charged. */
    private static final long CHARGED = 1024 + Budget.PIECE_OVERHEAD;

    private final InMemoryBudget budget = new InMemoryBudget(1 << 20);
    private final MemoryObjectStore store = new MemoryObjectStore(budget, new ManualClock());

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void aDirectoryKeepsItsTwelveNewestObjects() {
        for (int i = 0; i < 13; i++) {
            store.put(SESSION, "small/" + i + ".ts", KILOBYTE);
            store.put(SESSION, "large/" + i + ".ts", KILOBYTE);
        }
        assertEquals(Optional.empty(), store.get("0a1b2c3d/small/0.ts"));
        assertTrue(store.get("0a1b2c3d/small/1.ts").isPresent());
        assertTrue(store.get("0a1b2c3d/large/12.ts").isPresent());
    }

    @Test
    void theOldestObjectsThatWereFetchedGiveWay() {
        budget.limit(MemoryObjectStore.SHARE * 3 * CHARGED);
        String waiting = store.put(SESSION, "a/1.ts", KILOBYTE);
        String fetched = store.put(SESSION, "b/1.ts", KILOBYTE);
        String fetchedLater = store.put(OTHER, "a/1.ts", KILOBYTE);
        store.get(fetched);
        store.get(fetchedLater);
        store.put(OTHER, "b/1.ts", KILOBYTE);
        assertEquals(Optional.empty(), store.get(fetched));
        assertTrue(store.get(fetchedLater).isPresent());
        assertTrue(store.get(waiting).isPresent());
    }

    @Test
    void whatNobodyFetchedYetDoesNotGiveWay() {
        budget.limit(CHARGED);
        String waiting = store.put(SESSION, "a/1.ts", KILOBYTE);
        Fault full = assertThrows(Fault.class, () -> store.put(SESSION, "b/1.ts", KILOBYTE));
        assertEquals(Fault.Consequence.BUSY, full.consequence());
        assertTrue(store.get(waiting).isPresent());
    }

    @Test
    void whatWasFetchedLeavesThreeQuartersOfTheBudgetToOthers() {
        budget.limit(8 * CHARGED);
        for (int i = 0; i < 12; i++) {
            store.get(store.put(SESSION, "a/" + i + ".ts", KILOBYTE));
        }
        assertEquals(2 * CHARGED, budget.used());
        store.drop(SESSION);
        assertEquals(0, budget.used());
    }

    @Test
    void aDroppedSessionMakesRoom() {
        budget.limit(CHARGED);
        for (int i = 0; i < 100; i++) {
            store.put(SESSION, "a/1.ts", KILOBYTE);
            store.drop(SESSION);
        }
        store.put(OTHER, "a/1.ts", KILOBYTE);
    }

    @Test
    void itIsKnownWhetherEverythingWasFetched() {
        assertTrue(store.awaitFetched(NOW));
        String path = store.put(SESSION, "a/1.ts", KILOBYTE);
        assertFalse(store.awaitFetched(NOW));
        store.get(path);
        store.get(path);
        assertTrue(store.awaitFetched(NOW));
        store.put(SESSION, "a/2.ts", KILOBYTE);
        store.drop(SESSION);
        assertTrue(store.awaitFetched(NOW));
    }
}
