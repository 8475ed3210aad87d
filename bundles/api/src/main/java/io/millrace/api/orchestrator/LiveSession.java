package io.millrace.api.orchestrator;

import io.millrace.api.job.LivePorts;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;

/**
 * A live session that runs. It outlives whoever carries it: when the transport is replaced, the new one takes it up
 * by {@link Orchestrator#attach}. It ends when it is closed, when its pipeline ends it, or when nothing was sent for
 * as long as the orchestrator keeps an idle session.
 */
public interface LiveSession extends AutoCloseable {

    /** Its name. */
    ManifestId manifest();

    /** The session at the orchestrator that it runs under. */
    SessionId session();

    /** The caller's ends of its channels. */
    LivePorts ports();

    /** Ends it; harmless twice. */
    @Override
    void close();
}
