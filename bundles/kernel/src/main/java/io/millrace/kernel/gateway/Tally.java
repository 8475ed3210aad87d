package io.millrace.kernel.gateway;

import io.millrace.api.value.Deadline;
import io.millrace.kernel.gateway.time.TimedCondition;
import io.millrace.kernel.gateway.time.Timers;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what is open, so that the last one to close can be waited for. */
final class Tally {

    private final ReentrantLock lock = new ReentrantLock();
    private final TimedCondition changed;
    private int open;

    Tally(Timers timers, InstantSource clock) {
        changed = new TimedCondition(lock, timers, clock);
    }

    void opened() {
        change(1);
    }

    void closed() {
        change(-1);
    }

    /** Whether nothing was open before the deadline passed. */
    boolean awaitNone(Deadline deadline) {
        return changed.await(() -> open == 0, deadline);
    }

    private void change(int by) {
        lock.lock();
        try {
            open += by;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
