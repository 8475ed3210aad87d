package io.millrace.testkit;

import io.millrace.api.network.Links;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.value.Fault;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Hands over orchestrators and redeemers that live in this process: the whole flow with no socket in between. */
public final class LoopbackLinks implements Links {

    private final Map<URI, Orchestrator> orchestrators = new ConcurrentHashMap<>();
    private final Map<URI, Redeemer> redeemers = new ConcurrentHashMap<>();

    /** The same with {@code orchestrator} at {@code address}, instead of who was there. */
    public LoopbackLinks with(URI address, Orchestrator orchestrator) {
        orchestrators.put(address, orchestrator);
        return this;
    }

    /** The same with {@code redeemer} at {@code address}, instead of who was there. */
    public LoopbackLinks with(URI address, Redeemer redeemer) {
        redeemers.put(address, redeemer);
        return this;
    }

    /** From now on nobody answers at {@code address}. */
    public void remove(URI address) {
        orchestrators.remove(address);
        redeemers.remove(address);
    }

    @Override
    public Orchestrator link(URI address, Optional<URI> configured) {
        return at(address, orchestrators);
    }

    @Override
    public Redeemer redeemer(URI address) {
        return at(address, redeemers);
    }

    private static <T> T at(URI address, Map<URI, T> nodes) {
        T node = nodes.get(address);
        if (node == null) {
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "nobody answers at " + address);
        }
        return node;
    }
}
