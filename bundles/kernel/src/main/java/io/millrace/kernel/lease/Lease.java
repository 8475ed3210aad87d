package io.millrace.kernel.lease;

/**
 * The right to call one instance. While it is open, withdrawing the instance waits for it, for
 * {@link Leased.Limits#handover} at most. Closing twice is harmless. Thread-safe.
 */
public final class Lease<T> implements AutoCloseable {

    private final Slot<T> slot;
    private final String worker;
    private boolean closed;
    private boolean hangs;

    Lease(Slot<T> slot, String worker) {
        this.slot = slot;
        this.worker = worker;
    }

    /** The instance. */
    public T get() {
        return slot.instance;
    }

    /** Whose it is. */
    public Provider provider() {
        return slot.provider;
    }

    /** Which of the instance's workers does the work of this lease; empty for the instance as a whole. */
    public String worker() {
        return worker;
    }

    /** Another lease on the same instance and worker, withdrawn or not, for a call that may outlive this one. */
    public Lease<T> share() {
        return share(worker);
    }

    /** A lease like {@link #share}, for what a worker of the instance does. Its calls that hang count against it alone. */
    public Lease<T> share(String newWorker) {
        synchronized (slot.monitor) {
            if (closed) {
                throw new IllegalStateException("the lease is closed");
            }
            return slot.open(newWorker);
        }
    }

    /** Whether the instance has been withdrawn since: finish soon, and take no new work to it. */
    public boolean withdrawn() {
        return slot.withdrawn;
    }

    /** Whether three calls of the instance, or of the worker of this lease, hang, so that it gets no more of them. */
    public boolean setAside() {
        return slot.isSetAside(Slot.WHOLE) || slot.isSetAside(worker);
    }

    /**
     * Says that nobody waits any more for the call of this lease, which has not returned. The call counts as hanging
     * until the lease is closed.
     *
     * @return {@link #setAside} now
     */
    public boolean hangs() {
        synchronized (slot.monitor) {
            if (!closed && !hangs) {
                hangs = true;
                slot.hang(worker);
            }
            return setAside();
        }
    }

    @Override
    public void close() {
        synchronized (slot.monitor) {
            if (!closed) {
                closed = true;
                slot.close(worker, hangs);
            }
        }
    }
}
