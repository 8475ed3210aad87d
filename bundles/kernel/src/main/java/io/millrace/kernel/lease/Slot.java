package io.millrace.kernel.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One instance and its leases. What changes is guarded by the monitor of its {@link Leased}, which waits there. */
final class Slot<T> {

    /** Calls that hang before their instance, or the worker that does them, is set aside. */
    static final int MOST_HANGING = 3;

    /** The worker of calls that are the instance's own. */
    static final String WHOLE = "";

    final T instance;
    final Object monitor;
    volatile Provider provider;
    volatile boolean withdrawn;
    long order;
    private final Runnable freed;
    private final Map<String, Integer> hanging = new HashMap<>();
    private int leases;

    /** Runs {@code freed}, with the monitor held, when a call that hung has returned. */
    Slot(T instance, Object monitor, Runnable freed) {
        this.instance = instance;
        this.monitor = monitor;
        this.freed = freed;
    }

    void provide(Provider newProvider, long newOrder) {
        provider = newProvider;
        order = newOrder;
    }

    /** Whether leases are out whose calls do not hang. */
    boolean isBusy() {
        return leases > hanging.values().stream().mapToInt(Integer::intValue).sum();
    }

    boolean isFree() {
        return leases == 0;
    }

    /** The workers that are set aside. */
    Set<String> workersSetAside() {
        synchronized (monitor) {
            return hanging.keySet().stream()
                    .filter(worker -> !worker.equals(WHOLE) && isSetAside(worker))
                    .collect(Collectors.toSet());
        }
    }

    boolean isSetAside(String worker) {
        synchronized (monitor) {
            return hanging.getOrDefault(worker, 0) >= MOST_HANGING;
        }
    }

    Optional<Lease<T>> take() {
        synchronized (monitor) {
            return withdrawn || isSetAside(WHOLE) ? Optional.empty() : Optional.of(open(WHOLE));
        }
    }

    Lease<T> open(String worker) {
        leases++;
        return new Lease<>(this, worker);
    }

    void hang(String worker) {
        hanging.merge(worker, 1, Integer::sum);
        monitor.notifyAll();
    }

    void close(String worker, boolean hung) {
        leases--;
        if (hung) {
            hanging.computeIfPresent(worker, (name, calls) -> calls > 1 ? calls - 1 : null);
            freed.run();
        }
        if (withdrawn) {
            monitor.notifyAll();
        }
    }
}
