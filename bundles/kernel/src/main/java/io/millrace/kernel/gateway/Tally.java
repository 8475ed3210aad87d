package io.millrace.kernel.gateway;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.time.Timers;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what is open, so that the last one to close can be waited for. */
final class Tally {

    private final Timers timers;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int open;

    Tally(Timers timers, InstantSource clock) {
        this.timers = timers;
        this.clock = clock;
    }

    void opened() {
        change(1);
    }

    void closed() {
        change(-1);
    }

    /** Whether nothing was open before the deadline passed. */
    boolean awaitNone(Deadline deadline) {
        Registration alarm = timers.at(deadline.at(), () -> change(0));
        lock.lock();
        try {
            while (open > 0 && !deadline.expired(clock)) {
                changed.await();
            }
            return open == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
            alarm.close();
        }
    }

    private void change(int by) {
        lock.lock();
        try {
            open += by;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
