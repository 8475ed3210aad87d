package io.millrace.kernel.lease;

/**
 * The use of one instance for the length of a call. While it is open, withdrawing the instance waits
 * for it, up to a limit. Closing twice is harmless.
 */
public interface Lease<T> extends AutoCloseable {

    /** The instance. */
    T get();

    /** Whose it is. */
    Provider provider();

    /** Another lease on the same instance, withdrawn or not, for a call that may outlive this one. */
    Lease<T> share();

    /** Whether the instance has been withdrawn since: finish soon, and take no new work to it. */
    boolean withdrawn();

    /**
     * Nobody waits for the call any more, which still runs: it hangs until the lease is closed. An instance
     * with too many calls that hang is set aside.
     *
     * @return whether it is set aside now
     */
    boolean hangs();

    @Override
    void close();
}
