package io.millrace.testkit;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Keeps what happened and lets a test wait for it. Thread-safe. */
public final class RecordingEvents implements NodeEvents {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<NodeEvent> events = new ArrayList<>();

    @Override
    public void happened(NodeEvent event) {
        lock.lock();
        try {
            events.add(event);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What happened so far. */
    public List<NodeEvent> all() {
        lock.lock();
        try {
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    /** Those of one kind so far. */
    public <E extends NodeEvent> List<E> all(Class<E> kind) {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Waits for the first of a kind. */
    public <E extends NodeEvent> E await(Class<E> kind) {
        return await(kind, event -> true);
    }

    /** Waits for the first of a kind that fits; an {@link AssertionError} tells what happened instead. */
    public <E extends NodeEvent> E await(Class<E> kind, Predicate<E> fits) {
        lock.lock();
        try {
            long left = PATIENCE.toNanos();
            while (true) {
                for (NodeEvent event : events) {
                    if (kind.isInstance(event) && fits.test(kind.cast(event))) {
                        return kind.cast(event);
                    }
                }
                if (left <= 0) {
                    throw new AssertionError("no " + kind.getSimpleName() + " that fits among " + events);
                }
                left = grown.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + kind.getSimpleName(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are {@code count} of a kind. */
    public <E extends NodeEvent> List<E> await(int count, Class<E> kind) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE.toSeconds());
            while (all(kind).size() < count) {
                if (left <= 0) {
                    throw new AssertionError(all(kind).size() + " of " + count + " " + kind.getSimpleName());
                }
                left = grown.awaitNanos(left);
            }
            return all(kind);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + kind.getSimpleName(), e);
        } finally {
            lock.unlock();
        }
    }
}
