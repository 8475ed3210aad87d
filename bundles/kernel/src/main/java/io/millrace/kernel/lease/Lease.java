package io.millrace.kernel.lease;

/**
 * The use of one instance for the length of a call. While it is open, withdrawing the instance waits
 * for it, up to a limit. Closing twice is harmless.
 */
public interface Lease<T> extends AutoCloseable {

    /** The instance. */
    T get();

    /** Whether the instance has been withdrawn since: finish soon, and take no new work to it. */
    boolean withdrawn();

    @Override
    void close();
}
