package io.millrace.kernel.gateway.time;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Something guarded by a lock that is waited for, until a deadline of the injected clock. Thread-safe. */
public final class TimedCondition {

    private final ReentrantLock lock;
    private final Condition changed;
    private final Timers timers;
    private final InstantSource clock;

    /** Of what {@code lock} guards. */
    public TimedCondition(ReentrantLock lock, Timers timers, InstantSource clock) {
        this.lock = lock;
        this.changed = lock.newCondition();
        this.timers = timers;
        this.clock = clock;
    }

    /** What is waited for may hold now. */
    public void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until it holds; it is asked with the lock held.
     *
     * @return whether it does; not when the deadline passed, or the caller was interrupted and stays so
     */
    public boolean await(BooleanSupplier holds, Deadline deadline) {
        Registration alarm = timers.at(deadline.at(), this::signal);
        lock.lock();
        try {
            while (!holds.getAsBoolean() && !deadline.expired(clock)) {
                changed.await();
            }
            return holds.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
            alarm.close();
        }
    }
}
