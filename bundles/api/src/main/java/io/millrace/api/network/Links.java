package io.millrace.api.network;

import io.millrace.api.orchestrator.Orchestrator;
import java.net.URI;
import org.osgi.annotation.versioning.ConsumerType;

/** Turns an address into an orchestrator. */
@ConsumerType
public interface Links {

    /** An object that stands for the node at {@code address}; connects only when it is called. */
    Orchestrator link(URI address);
}
