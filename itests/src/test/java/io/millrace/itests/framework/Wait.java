package io.millrace.itests.framework;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks again and again, up to a deadline, about what nobody tells: threads, memory, what a collector does. */
final class Wait {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What is waited for. */
    @FunctionalInterface
    interface Condition {

        /** Whether it is so now. */
        boolean holds() throws Exception;
    }

    private Wait() {}

    /** The test fails when this is not so in time. */
    static void until(String what, Condition condition) {
        if (!within(PATIENCE, condition)) {
            throw new AssertionError("Not within " + PATIENCE.toSeconds() + " s: " + what);
        }
    }

    /** Whether it became so in time. */
    static boolean within(Duration limit, Condition condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
