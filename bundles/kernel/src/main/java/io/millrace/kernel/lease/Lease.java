package io.millrace.kernel.lease;

/**
 * The right to call one instance. While it is open, withdrawing the instance waits for it, for
 * {@link Leased.Limits#handover} at most. Closing twice is harmless. Thread-safe.
 */
public interface Lease<T> extends AutoCloseable {

    /** The instance. */
    T get();

    /** Whose it is. */
    Provider provider();

    /** Which of the instance's workers does the work of this lease; empty for the instance as a whole. */
    String worker();

    /** Another lease on the same instance and worker, withdrawn or not, for a call that may outlive this one. */
    Lease<T> share();

    /** A lease like {@link #share}, for what a worker of the instance does. Its calls that hang count against it alone. */
    Lease<T> share(String worker);

    /** Whether the instance has been withdrawn since: finish soon, and take no new work to it. */
    boolean withdrawn();

    /** Whether three calls of the instance, or of the worker of this lease, hang, so that it gets no more of them. */
    boolean setAside();

    /**
     * Says that nobody waits any more for the call of this lease, which has not returned. The call counts as hanging
     * until the lease is closed.
     *
     * @return {@link #setAside} now
     */
    boolean hangs();

    @Override
    void close();
}
