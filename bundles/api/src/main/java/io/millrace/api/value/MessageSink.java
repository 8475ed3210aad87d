package io.millrace.api.value;

/**
 * The other end of a {@link MessageSource}. Bounded: a slow reader slows the sender down.
 *
 * @param <T> what a message is
 */
public interface MessageSink<T> extends AutoCloseable {

    /**
     * Sends a message, waiting for room.
     *
     * @throws Fault when the deadline passed, or the reader has closed
     */
    void send(T message, Deadline deadline);

    /** Ends the sequence; the reader still gets what was sent. */
    @Override
    void close();
}
