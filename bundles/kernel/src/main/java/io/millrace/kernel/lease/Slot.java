package io.millrace.kernel.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** One instance and its leases. Guarded by the lock of its {@link Leased}. */
final class Slot<T> {

    /** Calls that hang before their instance, or the worker that does them, is set aside. */
    static final int MOST_HANGING = 3;

    /** The worker of calls that are the instance's own. */
    private static final String WHOLE = "";

    private final T instance;
    private final ReentrantLock lock;
    private final Watcher watcher;
    private final Map<String, Integer> hanging = new HashMap<>();
    private volatile Provider provider;
    private volatile boolean withdrawn;
    private long order;
    private int leases;

    /** Is told, with the lock held, when a lease was closed or its call hangs. */
    @FunctionalInterface
    interface Watcher {

        /** {@code free}: an instance or a worker that was set aside may be called again. */
        void moved(boolean free);
    }

    Slot(T instance, ReentrantLock lock, Watcher watcher) {
        this.instance = instance;
        this.lock = lock;
        this.watcher = watcher;
    }

    T instance() {
        return instance;
    }

    Provider provider() {
        return provider;
    }

    long order() {
        return order;
    }

    void provide(Provider newProvider, long newOrder) {
        provider = newProvider;
        order = newOrder;
    }

    void withdraw() {
        withdrawn = true;
    }

    /** Whether leases are out whose calls do not hang. */
    boolean isBusy() {
        return leases > hanging.values().stream().mapToInt(Integer::intValue).sum();
    }

    boolean isFree() {
        return leases == 0;
    }

    boolean isSetAside() {
        return isSetAside(WHOLE);
    }

    /** The workers that are set aside. */
    Set<String> workersSetAside() {
        lock.lock();
        try {
            return hanging.keySet().stream()
                    .filter(worker -> !worker.equals(WHOLE) && isSetAside(worker))
                    .collect(Collectors.toSet());
        } finally {
            lock.unlock();
        }
    }

    private boolean isSetAside(String worker) {
        lock.lock();
        try {
            return hanging.getOrDefault(worker, 0) >= MOST_HANGING;
        } finally {
            lock.unlock();
        }
    }

    Optional<Lease<T>> take() {
        lock.lock();
        try {
            return withdrawn || isSetAside(WHOLE) ? Optional.empty() : Optional.of(new Held(WHOLE));
        } finally {
            lock.unlock();
        }
    }

    private final class Held implements Lease<T> {
        private final String worker;
        private boolean closed;
        private boolean hangs;

        Held(String worker) {
            this.worker = worker;
            leases++;
        }

        @Override
        public T get() {
            return instance;
        }

        @Override
        public Provider provider() {
            return provider;
        }

        @Override
        public String worker() {
            return worker;
        }

        @Override
        public boolean withdrawn() {
            return withdrawn;
        }

        @Override
        public Lease<T> share() {
            return share(worker);
        }

        @Override
        public Lease<T> share(String newWorker) {
            lock.lock();
            try {
                if (closed) {
                    throw new IllegalStateException("the lease is closed");
                }
                return new Held(newWorker);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean setAside() {
            return isSetAside(WHOLE) || isSetAside(worker);
        }

        @Override
        public boolean hangs() {
            lock.lock();
            try {
                if (!closed && !hangs) {
                    hangs = true;
                    hanging.merge(worker, 1, Integer::sum);
                    watcher.moved(false);
                }
                return setAside();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    leases--;
                    if (hangs) {
                        hanging.computeIfPresent(worker, (name, calls) -> calls > 1 ? calls - 1 : null);
                    }
                    watcher.moved(hangs);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
