package io.millrace.api.job;

import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;

/**
 * The four channels of a live session, seen from one side; the other side holds the opposite ends.
 * Closing ends the session for both.
 */
public interface LivePorts extends AutoCloseable {

    /** Media towards the other side. */
    MessageSink media();

    /** Media from the other side. */
    MessageSource result();

    /** For the caller control messages out; for the pipeline its events out. */
    MessageSink signals();

    /** For the caller the pipeline's events; for the pipeline the caller's control messages. */
    MessageSource notices();

    @Override
    void close();
}
