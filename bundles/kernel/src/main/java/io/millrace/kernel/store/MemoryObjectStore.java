package io.millrace.kernel.store;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.SessionId;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the newest objects of each directory, and no more bytes than its limit: when there is no room,
 * the oldest objects that were fetched give way; those that nobody fetched yet do not. Thread-safe.
 */
public final class MemoryObjectStore implements ObjectStore {

    /** Objects of one directory, as on every orchestrator of the network. */
    public static final int OBJECTS_PER_DIRECTORY = 12;

    /** Counted for each object besides its bytes, so that many tiny ones are bounded too. */
    static final int OVERHEAD_BYTES = 512;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fetched = lock.newCondition();
    private final Map<String, Stored> objects = new LinkedHashMap<>();
    private final Map<String, Deque<String>> directories = new HashMap<>();
    private long maxBytes;
    private long bytes;
    private int unfetched;

    /** An empty store. */
    public MemoryObjectStore(long maxBytes, InstantSource clock) {
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** Another limit; what is over it goes as room is needed. */
    public void limit(long newMaxBytes) {
        lock.lock();
        try {
            maxBytes = newMaxBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String put(SessionId session, String name, Bytes data) {
        String path = session + "/" + name;
        lock.lock();
        try {
            forget(path);
            Deque<String> before = directories.getOrDefault(directory(path), new ArrayDeque<>());
            if (before.size() >= OBJECTS_PER_DIRECTORY) {
                forget(before.getFirst());
            }
            makeRoom(size(data));
            objects.put(path, new Stored(data));
            directories.computeIfAbsent(directory(path), d -> new ArrayDeque<>()).addLast(path);
            bytes += size(data);
            unfetched++;
            return path;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Bytes> get(String path) {
        lock.lock();
        try {
            Stored stored = objects.get(path);
            if (stored == null) {
                return Optional.empty();
            }
            if (!stored.fetched) {
                stored.fetched = true;
                unfetched--;
                fetched.signalAll();
            }
            return Optional.of(stored.data);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void drop(SessionId session) {
        lock.lock();
        try {
            String prefix = session + "/";
            objects.keySet().stream()
                    .filter(path -> path.startsWith(prefix))
                    .toList()
                    .forEach(this::forget);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until every object was fetched once or is gone.
     *
     * @return whether that was so by the deadline
     */
    public boolean awaitFetched(Deadline deadline) {
        lock.lock();
        try {
            long nanos = TimeUnit.NANOSECONDS.convert(deadline.remaining(clock));
            while (unfetched > 0 && nanos > 0) {
                nanos = fetched.awaitNanos(nanos);
            }
            return unfetched == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(long needed) {
        if (bytes + needed > maxBytes) {
            Iterator<String> old = objects.entrySet().stream()
                    .filter(entry -> entry.getValue().fetched)
                    .map(Map.Entry::getKey)
                    .toList()
                    .iterator();
            while (bytes + needed > maxBytes && old.hasNext()) {
                forget(old.next());
            }
        }
        if (bytes + needed > maxBytes) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE,
                    "no room for results: " + bytes + " of " + maxBytes + " bytes are waiting to be fetched");
        }
    }

    private void forget(String path) {
        Stored stored = objects.remove(path);
        if (stored == null) {
            return;
        }
        bytes -= size(stored.data);
        if (!stored.fetched) {
            unfetched--;
            fetched.signalAll();
        }
        directories.computeIfPresent(directory(path), (name, paths) -> {
            paths.remove(path);
            return paths.isEmpty() ? null : paths;
        });
    }

    private static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static long size(Bytes data) {
        return (long) data.size() + OVERHEAD_BYTES;
    }

    private static final class Stored {
        private final Bytes data;
        private boolean fetched;

        Stored(Bytes data) {
            this.data = data;
        }
    }
}
