package io.millrace.api.node;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Listens. The work waits for it: return at once, throw nothing. One that takes longer than 2 s is not
 * waited for, and one that hangs several times is told nothing until it has returned. Kinds of events are added
 * with minor versions: let a switch over them have a default.
 */
@FunctionalInterface
@ConsumerType
public interface NodeEvents {

    /** Something happened. */
    void happened(NodeEvent event);
}
