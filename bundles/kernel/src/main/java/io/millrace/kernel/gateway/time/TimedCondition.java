package io.millrace.kernel.gateway.time;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/** Something that a monitor guards and that is waited for, until a deadline of the injected clock. Thread-safe. */
public final class TimedCondition {

    private final Object monitor;
    private final Timers timers;
    private final InstantSource clock;

    /** Of what {@code monitor} guards. */
    public TimedCondition(Object monitor, Timers timers, InstantSource clock) {
        this.monitor = monitor;
        this.timers = timers;
        this.clock = clock;
    }

    /** What is waited for may hold now. */
    public void signal() {
        synchronized (monitor) {
            monitor.notifyAll();
        }
    }

    /**
     * Waits until it holds; it is asked with the monitor held.
     *
     * @return whether it does; not when the deadline passed, or the caller was interrupted and stays so
     */
    public boolean await(BooleanSupplier holds, Deadline deadline) {
        Registration alarm = timers.at(deadline.at(), this::signal);
        try {
            synchronized (monitor) {
                while (!holds.getAsBoolean() && !deadline.expired(clock)) {
                    monitor.wait();
                }
                return holds.getAsBoolean();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            alarm.close();
        }
    }
}
