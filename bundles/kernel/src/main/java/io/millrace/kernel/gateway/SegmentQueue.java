package io.millrace.kernel.gateway;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.time.TimedCondition;
import io.millrace.kernel.gateway.time.Timers;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * The segments of one stream that wait or are in work. Bounded by their number and by the node's memory: when there
 * is no room, the oldest one that waits makes way. Thread-safe.
 */
final class SegmentQueue {

    private final String name;
    private final Budget budget;
    private final Supplier<GatewaySettings> settings;
    private final Object lock = new Object();
    private final TimedCondition changed;
    private final Queue<SegmentJob> waiting = new ArrayDeque<>();
    private final Map<SegmentJob, Thread> inWork = new LinkedHashMap<>();
    private boolean cut;

    /** An empty queue whose threads have {@code name}. */
    SegmentQueue(
            String name, Budget budget, Supplier<GatewaySettings> settings, Timers timers, InstantSource clock) {
        this.name = name;
        this.budget = budget;
        this.settings = settings;
        changed = new TimedCondition(lock, timers, clock);
    }

    /**
     * Takes a segment on.
     *
     * @return what there is no room for, to be dropped: the oldest ones that wait, and the segment itself when that is
     *     not enough
     */
    List<SegmentJob> add(SegmentJob job) {
        List<SegmentJob> dropped = new ArrayList<>();
        synchronized (lock) {
            while (!job.charge(budget)) {
                if (waiting.isEmpty()) {
                    dropped.add(job);
                    return dropped;
                }
                SegmentJob oldest = waiting.remove();
                oldest.uncharge();
                dropped.add(oldest);
            }
            waiting.add(job);
            beginMore();
            if (waiting.size() > settings.get().queueSegments()) {
                dropped.add(waiting.remove());
            }
            return dropped;
        }
    }

    /** How many are in work. */
    int inWork() {
        synchronized (lock) {
            return inWork.size();
        }
    }

    /** Whether what is still in work was given up. */
    boolean isCut() {
        synchronized (lock) {
            return cut;
        }
    }

    /**
     * Waits until nothing is in work, and gives up what is not done by then: its threads are interrupted.
     *
     * @return what was given up
     */
    List<SegmentJob> finish(Deadline deadline) {
        changed.await(() -> inWork.isEmpty() && waiting.isEmpty(), deadline);
        synchronized (lock) {
            cut = true;
            List<SegmentJob> rest = new ArrayList<>(inWork.keySet());
            rest.addAll(waiting);
            waiting.clear();
            inWork.values().forEach(Thread::interrupt);
            return rest;
        }
    }

    private void beginMore() {
        while (!waiting.isEmpty() && inWork.size() < settings.get().parallelSegments()) {
            SegmentJob job = waiting.remove();
            Thread thread = Threads.virtual()
                    .name(name + "/" + job.segment().sequence())
                    .unstarted(() -> work(job));
            inWork.put(job, thread);
            thread.start();
        }
    }

    private void work(SegmentJob job) {
        try {
            job.run();
        } finally {
            synchronized (lock) {
                inWork.remove(job);
                if (!cut) {
                    beginMore();
                }
                changed.signal();
            }
        }
    }
}
