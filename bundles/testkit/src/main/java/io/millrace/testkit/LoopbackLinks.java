package io.millrace.testkit;

import io.millrace.api.network.Links;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.value.Fault;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Hands over orchestrators that live in this process: the whole flow with no socket in between. */
public final class LoopbackLinks implements Links {

    private final Map<URI, Orchestrator> orchestrators = new ConcurrentHashMap<>();

    /** The same with {@code orchestrator} at {@code address}, instead of who was there. */
    public LoopbackLinks with(URI address, Orchestrator orchestrator) {
        orchestrators.put(address, orchestrator);
        return this;
    }

    /** From now on nobody answers at {@code address}. */
    public void remove(URI address) {
        orchestrators.remove(address);
    }

    @Override
    public Orchestrator link(URI address, Optional<URI> configured) {
        Orchestrator orchestrator = orchestrators.get(address);
        if (orchestrator == null) {
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "nobody answers at " + address);
        }
        return orchestrator;
    }
}
