package io.millrace.livepeer.web;

import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.MultiplexConnectionPool;
import org.eclipse.jetty.util.ConcurrentPool;

/**
 * The connections to one peer that may speak HTTP/2: calls that come at once wait for the first connection, which serves
 * all of them, where Jetty's own pool opens one for each. Once a peer is known to have no HTTP/2, each gets its own.
 */
final class SharedConnections extends MultiplexConnectionPool {

    /** Calls that wait for one connection; Go's servers take 250 on one. */
    private static final int EXPECTED = 250;

    SharedConnections(Destination destination, int most) {
        super(
                destination,
                () -> new ConcurrentPool<>(ConcurrentPool.StrategyType.FIRST, most, newMaxMultiplexer(1)),
                EXPECTED);
    }

    @Override
    protected void onCreated(Connection connection) {
        setInitialMaxMultiplex(connection instanceof MaxMultiplexable ? EXPECTED : 1);
    }

    /** The pool for a destination: shared where the connection's protocol is negotiated. */
    static MultiplexConnectionPool of(Destination destination, int most) {
        boolean negotiated = destination.getOrigin().getProtocol().isNegotiate();
        return negotiated
                ? new SharedConnections(destination, most)
                : new MultiplexConnectionPool(destination, most, 1);
    }
}
