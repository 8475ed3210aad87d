package io.millrace.api.job;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;

/**
 * The four channels of a live session, seen from one side; the other side holds the opposite ends. Each channel is
 * bounded: a slow reader slows the sender down. Closing ends the session for both.
 */
public interface LivePorts extends AutoCloseable {

    /** Media towards the other side, in segments. */
    MessageSink<MediaPart> media();

    /** Media from the other side, in segments. */
    MessageSource<MediaPart> result();

    /** For the caller control messages out; for the pipeline its events out. A message is a JSON object. */
    MessageSink<Bytes> signals();

    /** For the caller the pipeline's events; for the pipeline the caller's control messages. */
    MessageSource<Bytes> notices();

    @Override
    void close();
}
