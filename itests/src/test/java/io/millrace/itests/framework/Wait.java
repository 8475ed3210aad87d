package io.millrace.itests.framework;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Asks again and again, up to a deadline, about what nobody tells: threads, memory, what a collector does. */
final class Wait {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private Wait() {}

    /** The test fails when this is not so in time. */
    static void until(String what, BooleanSupplier condition) {
        if (!within(PATIENCE, condition)) {
            throw new AssertionError("Not within " + PATIENCE.toSeconds() + " s: " + what);
        }
    }

    /** Whether it became so in time. */
    static boolean within(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }
}
