package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.resource.Budget;
import io.millrace.api.resource.Budget.Charge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What every {@link Budget} does. */
public abstract class BudgetContract {

    private static final long PIECE = 1000 + Budget.PIECE_OVERHEAD;

    /** A budget of {@code limit} bytes of which nothing is used. */
    protected abstract Budget budget(long limit);

    @Test
    void whatIsAddedCountsWithTheObjectsAroundIt() {
        Budget budget = budget(10 * PIECE);
        try (Charge charge = budget.open("test")) {
            assertTrue(charge.add(1000));
            assertEquals(PIECE, charge.held());
            assertEquals(PIECE, budget.used());
        }
        assertEquals(0, budget.used());
    }

    @Test
    void whatFindsNoRoomIsRefusedAndTakesNothing() {
        Budget budget = budget(PIECE + PIECE / 2);
        Charge first = budget.open("first");
        Charge second = budget.open("second");
        assertTrue(first.add(1000));
        assertFalse(second.add(1000));
        assertEquals(0, second.held());
        assertEquals(PIECE, budget.used());
        first.close();
        assertTrue(second.add(1000));
        second.close();
    }

    @Test
    void aPieceThatIsGivenBackMakesRoom() {
        Budget budget = budget(2 * PIECE);
        try (Charge charge = budget.open("test")) {
            assertTrue(charge.add(1000));
            assertTrue(charge.add(1000));
            assertFalse(charge.add(0));
            charge.remove(1000);
            assertTrue(charge.add(1000));
            assertEquals(2 * PIECE, charge.held());
        }
    }

    @Test
    void closingTwiceGivesBackOnceAndAClosedChargeTakesNothing() {
        Budget budget = budget(10 * PIECE);
        Charge other = budget.open("other");
        assertTrue(other.add(1000));
        Charge charge = budget.open("test");
        assertTrue(charge.add(1000));
        charge.close();
        charge.close();
        charge.remove(1000);
        assertEquals(PIECE, budget.used());
        assertThrows(IllegalStateException.class, () -> charge.add(1));
        other.close();
    }

    @Test
    void aNegativeNumberIsAMistakeOfTheCaller() {
        try (Charge charge = budget(PIECE).open("test")) {
            assertThrows(IllegalArgumentException.class, () -> charge.add(-1));
        }
    }

    @Test
    void manyHoldersAtOnceNeverHoldMoreThanThereIs() throws InterruptedException {
        Budget budget = budget(10 * PIECE);
        CountDownLatch begin = new CountDownLatch(1);
        List<Charge> holders = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Charge charge = budget.open("holder");
            holders.add(charge);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int n = 0; n < 100; n++) {
                    charge.add(1000);
                }
            }));
        }
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(10 * PIECE, holders.stream().mapToLong(Charge::held).sum());
        assertEquals(10 * PIECE, budget.used());
        holders.forEach(Charge::close);
        assertEquals(0, budget.used());
    }
}
