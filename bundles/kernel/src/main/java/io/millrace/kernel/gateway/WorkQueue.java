package io.millrace.kernel.gateway;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.time.Timers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Segments of one stream in work, each on a thread of its own, and a bounded number that wait. */
final class WorkQueue {

    private final String name;
    private final Supplier<GatewaySettings> settings;
    private final QueueRoom room;
    private final Timers timers;
    private final Consumer<SegmentEntry> worker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<SegmentEntry> waiting = new ArrayDeque<>();
    private final Map<SegmentEntry, Thread> inWork = new HashMap<>();
    private volatile boolean cut;

    WorkQueue(
            String name,
            Supplier<GatewaySettings> settings,
            QueueRoom room,
            Timers timers,
            Consumer<SegmentEntry> worker) {
        this.name = name;
        this.room = room;
        this.settings = settings;
        this.timers = timers;
        this.worker = worker;
    }

    /**
     * Takes a segment on.
     *
     * @return what there is no room for: the oldest ones that wait, and itself when that is not enough
     */
    List<SegmentEntry> add(SegmentEntry entry) {
        List<SegmentEntry> dropped = new ArrayList<>();
        lock.lock();
        try {
            while (!room.take(entry)) {
                if (waiting.isEmpty()) {
                    dropped.add(entry);
                    return dropped;
                }
                dropped.add(dropOldest());
            }
            waiting.add(entry);
            beginMore();
            if (waiting.size() > settings.get().queueSegments()) {
                dropped.add(dropOldest());
            }
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private SegmentEntry dropOldest() {
        SegmentEntry oldest = waiting.remove();
        room.give(oldest);
        return oldest;
    }

    /** How many are in work. */
    int inWork() {
        lock.lock();
        try {
            return inWork.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether what is still in work was given up. */
    boolean isCut() {
        return cut;
    }

    /**
     * Waits until nothing is in work, and gives up what is not done by then.
     *
     * @return what was given up; its threads are interrupted
     */
    List<SegmentEntry> finish(Deadline deadline) {
        Registration alarm = timers.at(deadline.at(), this::cut);
        lock.lock();
        try {
            while (!cut && !(inWork.isEmpty() && waiting.isEmpty())) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cut = true;
        } finally {
            lock.unlock();
            alarm.close();
        }
        return clear();
    }

    private void cut() {
        lock.lock();
        try {
            cut = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<SegmentEntry> clear() {
        lock.lock();
        try {
            List<SegmentEntry> rest = new ArrayList<>(inWork.keySet());
            rest.addAll(waiting);
            waiting.forEach(room::give);
            waiting.clear();
            inWork.values().forEach(Thread::interrupt);
            return rest;
        } finally {
            lock.unlock();
        }
    }

    private void beginMore() {
        while (!waiting.isEmpty() && inWork.size() < settings.get().parallelSegments()) {
            begin(waiting.remove());
        }
    }

    private void begin(SegmentEntry entry) {
        Thread thread = Threads.virtual()
                .name(name + "/" + entry.segment().sequence())
                .unstarted(() -> work(entry));
        inWork.put(entry, thread);
        thread.start();
    }

    private void work(SegmentEntry entry) {
        try {
            worker.accept(entry);
        } finally {
            lock.lock();
            try {
                inWork.remove(entry);
                room.give(entry);
                if (!cut) {
                    beginMore();
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
