package io.millrace.api.orchestrator;

import io.millrace.api.value.Deadline;

/** A job that was taken: its body was read and its hash was right. The work may still be waiting. */
public non-sealed interface Accepted extends Submission, AutoCloseable {

    /**
     * Waits for the work to be done.
     *
     * @return done, failed, or a stream of messages; {@code Failed} with TIMEOUT when the deadline passed
     */
    Completion await(Deadline deadline);

    /** Gives the job up; harmless once it is complete. */
    @Override
    void close();
}
