package io.millrace.api.value;

import java.util.Optional;

/**
 * Messages in the order they were sent: tokens of a language model, parts of media, events. One reader.
 *
 * @param <T> what a message is
 */
public interface MessageSource<T> extends AutoCloseable {

    /**
     * Waits for the next message.
     *
     * @return the message, or empty when the sender has closed and all was read
     * @throws Fault when the deadline passed, or the sender failed
     */
    Optional<T> next(Deadline deadline);

    /** Tells the sender that nobody reads any more. */
    @Override
    void close();
}
