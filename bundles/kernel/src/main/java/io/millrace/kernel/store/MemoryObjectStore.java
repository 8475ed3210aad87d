package io.millrace.kernel.store;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.Threads;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the newest objects of each directory in memory, charged to the node's budget.
 *
 * <p>Objects that were fetched make way, the oldest first, as soon as all objects take more than
 * {@link #SHARE} of the budget: nobody else can make the store give memory back, so results that are no longer needed
 * would keep work out. Objects that nobody fetched yet never make way; when the budget is full the next object is
 * refused as busy. Thread-safe.
 */
public final class MemoryObjectStore implements ObjectStore {

    /** Objects of one directory, as in go-livepeer (go-tools drivers/local.go). */
    public static final int OBJECTS_PER_DIRECTORY = 12;

    /** The part of the budget, one quarter, above which objects that were fetched make way. */
    static final int SHARE = 4;

    private final Budget budget;
    private final Budget.Charge charge;
    private final InstantSource clock;
    private final Map<String, Stored> objects = new LinkedHashMap<>();
    private final Map<String, Deque<String>> directories = new HashMap<>();
    private int unfetched;

    /** An empty store. */
    public MemoryObjectStore(Budget budget, InstantSource clock) {
        this.budget = budget;
        this.charge = budget.open("result");
        this.clock = clock;
    }

    @Override
    public synchronized String put(SessionId session, String name, Bytes data) {
        String path = session + "/" + name;
        forget(path);
        Deque<String> before = directories.getOrDefault(directory(path), new ArrayDeque<>());
        if (before.size() >= OBJECTS_PER_DIRECTORY) {
            forget(before.getFirst());
        }
        if (!charge(data.size())) {
            throw new Fault(
                    Fault.Consequence.BUSY,
                    "there is no memory for another result of " + data.size() + " bytes: results that wait to be fetched"
                            + " take " + charge.held() + " bytes");
        }
        objects.put(path, new Stored(data));
        directories.computeIfAbsent(directory(path), d -> new ArrayDeque<>()).addLast(path);
        unfetched++;
        return path;
    }

    @Override
    public synchronized Optional<Bytes> get(String path) {
        Stored stored = objects.get(path);
        if (stored == null) {
            return Optional.empty();
        }
        if (!stored.fetched) {
            stored.fetched = true;
            unfetched--;
            notifyAll();
        }
        return Optional.of(stored.data);
    }

    @Override
    public synchronized void drop(SessionId session) {
        String prefix = session + "/";
        objects.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .toList()
                .forEach(this::forget);
    }

    /** Bytes that its objects take of the budget. */
    synchronized long held() {
        return charge.held();
    }

    /** Lets all of it go. Nothing is put in after that. */
    synchronized void close() {
        List.copyOf(objects.keySet()).forEach(this::forget);
        charge.close();
    }

    /**
     * Waits until every object was fetched once or is gone.
     *
     * @return whether that was so by the deadline
     */
    public synchronized boolean awaitFetched(Deadline deadline) {
        try {
            return Threads.await(this, deadline.remaining(clock), () -> unfetched == 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Charges an object, and lets others make way where that is needed. */
    private boolean charge(long bytes) {
        Iterator<String> old = objects.entrySet().stream()
                .filter(entry -> entry.getValue().fetched)
                .map(Map.Entry::getKey)
                .toList()
                .iterator();
        while (charge.held() + bytes > budget.limit() / SHARE && old.hasNext()) {
            forget(old.next());
        }
        boolean charged = charge.add(bytes);
        while (!charged && old.hasNext()) {
            forget(old.next());
            charged = charge.add(bytes);
        }
        return charged;
    }

    private void forget(String path) {
        Stored stored = objects.remove(path);
        if (stored == null) {
            return;
        }
        charge.remove(stored.data.size());
        if (!stored.fetched) {
            unfetched--;
            notifyAll();
        }
        directories.computeIfPresent(directory(path), (name, paths) -> {
            paths.remove(path);
            return paths.isEmpty() ? null : paths;
        });
    }

    private static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static final class Stored {
        private final Bytes data;
        private boolean fetched;

        Stored(Bytes data) {
            this.data = data;
        }
    }
}
