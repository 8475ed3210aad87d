package io.millrace.kernel.gateway.time;

import io.millrace.api.value.Registration;
import io.millrace.kernel.Threads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers that go with the system's clock: one thread that waits, a virtual one for each task. */
public final class SystemTimers implements Timers, AutoCloseable {

    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor waiting;

    /** Goes by {@code clock}, which must be the system's; starts its thread with the first task. */
    public SystemTimers(InstantSource clock) {
        this.clock = clock;
        waiting = new ScheduledThreadPoolExecutor(
                1, Threads.platform().name("gateway-timers").daemon().factory());
        waiting.setRemoveOnCancelPolicy(true);
        waiting.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Registration at(Instant when, Runnable task) {
        Duration delay = Duration.between(clock.instant(), when);
        try {
            Future<?> scheduled = waiting.schedule(() -> begin(task), TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            // closed: nothing is due any more
            return () -> {};
        }
    }

    private static void begin(Runnable task) {
        Threads.virtual().name("gateway-timer").start(task);
    }

    /** Forgets what is not due yet. */
    @Override
    public void close() {
        waiting.shutdownNow();
    }
}
