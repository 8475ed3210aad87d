package io.millrace.api.node;

import org.osgi.annotation.versioning.ConsumerType;

/** Listens. Called on the thread that does the work: return at once, throw nothing. */
@FunctionalInterface
@ConsumerType
public interface NodeEvents {

    /** Something happened. */
    void happened(NodeEvent event);
}
