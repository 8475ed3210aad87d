package io.millrace.kernel.gateway.find;

import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.reach.Peers;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tells orchestrators that sessions are over, so that their place is free at once. */
final class Farewells {

    private static final Duration LIMIT = Duration.ofMillis(2500);

    private final Peers peers;
    private final InstantSource clock;
    private final Phaser underWay = new Phaser(1);

    Farewells(Peers peers, InstantSource clock) {
        this.peers = peers;
        this.clock = clock;
    }

    /** Tells it in the background. Nobody depends on the answer: an orchestrator forgets by itself too. */
    void say(URI endpoint, AuthToken token) {
        if (!peers.canReach(endpoint)) {
            return;
        }
        underWay.register();
        Threads.virtual().name("end session at " + endpoint).start(() -> {
            Deadline deadline = Deadline.in(LIMIT, clock);
            try (Peers.Peer peer = peers.reach(endpoint, deadline)) {
                peer.orchestrator().end(token, deadline);
            } catch (RuntimeException e) {
                // it is gone, which ends its sessions as well
            } finally {
                underWay.arriveAndDeregister();
            }
        });
    }

    /** Waits, not for long, until all were told. */
    void await() {
        try {
            underWay.awaitAdvanceInterruptibly(underWay.arrive(), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // it stays with the orchestrator's own time-out
        }
    }
}
