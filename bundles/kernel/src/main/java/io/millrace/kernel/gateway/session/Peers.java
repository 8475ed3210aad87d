package io.millrace.kernel.gateway.session;

import io.millrace.api.network.Links;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.Threads;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way to an orchestrator: over the protocol bundle, or within this node. Both may be replaced
 * while calls run. Thread-safe.
 */
public final class Peers {

    /** Scheme of addresses that mean the orchestrator of this very node. */
    public static final String LOOPBACK = "loopback";

    /** How long an orchestrator may take to hear that a session is over. */
    private static final Duration ENDING = Duration.ofMillis(2500);

    private final Leased<Links> links;
    private final Leased<Orchestrator> local;
    private final InstantSource clock;

    /** Over these links; {@code local} serves the addresses of this node. */
    public Peers(Leased<Links> links, Leased<Orchestrator> local, InstantSource clock) {
        this.links = links;
        this.local = local;
        this.clock = clock;
    }

    /** Whether an address means this very node. */
    static boolean isLocal(URI address) {
        return LOOPBACK.equals(address.getScheme());
    }

    /**
     * The orchestrator at {@code address}, to be closed when nothing of it is used any more, results
     * included.
     *
     * @param configured the address that the operator wrote down for this orchestrator, where there is one
     * @throws io.millrace.api.value.Fault when nobody knows the way; nothing was sent then
     */
    Peer reach(URI address, Optional<URI> configured, Deadline deadline) {
        if (isLocal(address)) {
            Lease<Orchestrator> lease = local.take(deadline);
            return new Peer(lease.get(), lease);
        }
        Lease<Links> lease = links.take(deadline);
        try {
            return new Peer(lease.get().link(address, configured), lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /**
     * Tells an orchestrator in the background that a session is over, so that its place is free at once. Nobody
     * depends on the answer: an orchestrator forgets by itself too.
     *
     * @param telling counts those who are still being told
     */
    void tellEnded(URI address, Optional<URI> configured, AuthToken token, Phaser telling) {
        if (isLocal(address) ? local.isEmpty() : links.isEmpty()) {
            return;
        }
        telling.register();
        Threads.virtual().name("end session at " + address).start(() -> {
            Deadline deadline = Deadline.in(ENDING, clock);
            try (Peer peer = reach(address, configured, deadline)) {
                peer.orchestrator().end(token, deadline);
            } catch (RuntimeException e) {
                // it is gone, which ends its sessions as well
            } finally {
                telling.arriveAndDeregister();
            }
        });
    }

    /** Waits, not for long, until all were told. */
    static void awaitTold(Phaser telling) {
        try {
            telling.awaitAdvanceInterruptibly(telling.arrive(), ENDING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // the orchestrator's own time-out ends the session
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
