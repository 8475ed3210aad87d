package io.millrace.kernel.lease;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One instance and its leases. Guarded by the lock of its {@link Leased}. */
final class Slot<T> {

    /** Calls that hang before their instance is set aside. */
    static final int MOST_HANGING = 3;

    private final T instance;
    private final ReentrantLock lock;
    private final Watcher watcher;
    private volatile Provider provider;
    private volatile boolean withdrawn;
    private long order;
    private int leases;
    private int hanging;

    /** Is told, with the lock held, when a lease came back or hangs. */
    @FunctionalInterface
    interface Watcher {

        /** {@code free}: somebody who was set aside may be taken again. */
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

    /** Whether calls are out that may still come to an end. */
    boolean isBusy() {
        return leases > hanging;
    }

    boolean isFree() {
        return leases == 0;
    }

    boolean isSetAside() {
        lock.lock();
        try {
            return hanging >= MOST_HANGING;
        } finally {
            lock.unlock();
        }
    }

    Optional<Lease<T>> take() {
        lock.lock();
        try {
            return withdrawn || hanging >= MOST_HANGING ? Optional.empty() : Optional.of(new Held());
        } finally {
            lock.unlock();
        }
    }

    private final class Held implements Lease<T> {
        private boolean closed;
        private boolean hangs;

        Held() {
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
        public boolean withdrawn() {
            return withdrawn;
        }

        @Override
        public Lease<T> share() {
            lock.lock();
            try {
                if (closed) {
                    throw new IllegalStateException("the lease is closed");
                }
                return new Held();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean hangs() {
            lock.lock();
            try {
                if (!closed && !hangs) {
                    hangs = true;
                    hanging++;
                    watcher.moved(false);
                }
                return hanging >= MOST_HANGING;
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
                    hanging -= hangs ? 1 : 0;
                    watcher.moved(hangs);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
