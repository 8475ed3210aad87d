package io.millrace.kernel.gateway.reach;

import io.millrace.api.network.Links;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.net.URI;
import java.util.Optional;

/**
 * The way to an orchestrator: over the protocol bundle, or within this node. Both may be replaced
 * while calls run.
 */
public final class Peers {

    /** Scheme of addresses that mean the orchestrator of this very node. */
    public static final String LOOPBACK = "loopback";

    private final Leased<Links> links;
    private final Leased<Orchestrator> local;

    /** Over these links; {@code local} serves the addresses of this node. */
    public Peers(Leased<Links> links, Leased<Orchestrator> local) {
        this.links = links;
        this.local = local;
    }

    /** Whether an address means this very node. */
    public static boolean isLocal(URI address) {
        return LOOPBACK.equals(address.getScheme());
    }

    /** Whether somebody is there who knows the way to {@code address}. */
    public boolean canReach(URI address) {
        return isLocal(address) ? !local.isEmpty() : !links.isEmpty();
    }

    /**
     * The orchestrator at {@code address}, to be closed when nothing of it is used any more, results
     * included.
     *
     * @throws Fault when nobody knows the way; nothing was sent then
     */
    public Peer reach(URI address, Deadline deadline) {
        if (isLocal(address)) {
            Lease<Orchestrator> lease = local.take(deadline);
            return new Peer(lease.get(), lease);
        }
        Lease<Links> lease = links.take(deadline);
        try {
            return new Peer(lease.get().link(address, Optional.of(address)), lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** An orchestrator that stays usable until it is closed. */
    public record Peer(Orchestrator orchestrator, Lease<?> lease) implements AutoCloseable {
        @Override
        public void close() {
            lease.close();
        }
    }
}
