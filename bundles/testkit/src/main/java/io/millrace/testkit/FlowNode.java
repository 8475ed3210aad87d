package io.millrace.testkit;

import io.millrace.api.gateway.JobGate;
import io.millrace.api.gateway.StreamGate;

/** A gateway with an orchestrator behind it, however the two are joined. */
public interface FlowNode extends AutoCloseable {

    /** The door for streams. */
    StreamGate streams();

    /** The door for everything else. */
    JobGate jobs();

    /** Stops both. */
    @Override
    void close();
}
