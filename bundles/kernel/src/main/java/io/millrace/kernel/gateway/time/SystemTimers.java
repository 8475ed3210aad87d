package io.millrace.kernel.gateway.time;

import io.millrace.api.value.Registration;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers that go with the system's clock: one thread that waits, a virtual one for each task. */
public final class SystemTimers implements Timers, AutoCloseable {

    private final ScheduledThreadPoolExecutor waiting;

    /** Starts its thread with the first task. */
    public SystemTimers() {
        waiting = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("gateway-timers").daemon().factory());
        waiting.setRemoveOnCancelPolicy(true);
        waiting.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Registration after(Duration delay, Runnable task) {
        try {
            Future<?> scheduled = waiting.schedule(
                    () -> Thread.ofVirtual().name("gateway-timer").start(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            // closed: nothing is due any more
            return () -> {};
        }
    }

    /** Forgets what is not due yet. */
    @Override
    public void close() {
        waiting.shutdownNow();
    }
}
