package io.millrace.http;

import io.millrace.http.peer.Connections;
import io.millrace.http.peer.PeerEndPoint;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connector whose port may be closed while its connections go on. */
final class ClosableConnector extends ServerConnector {

    private static final Logger LOG = LoggerFactory.getLogger(ClosableConnector.class);
    private static final long CLOSING_SECONDS = 5;

    private final ReentrantLock accepting = new ReentrantLock();

    private final Connections connections;

    // A thread accepts: where the selector does it, a closed port is not free before the selector wakes up.
    ClosableConnector(Server server, Connections connections, ConnectionFactory... factories) {
        super(server, 1, 1, factories);
        this.connections = connections;
    }

    @Override
    public void accept(int acceptor) throws IOException {
        accepting.lock();
        try {
            super.accept(acceptor);
        } finally {
            accepting.unlock();
        }
    }

    @Override
    protected PeerEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        var endPoint = new PeerEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        connections.opened((PeerEndPoint) endPoint);
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        connections.closed((PeerEndPoint) endPoint);
        super.onEndPointClosed(endPoint);
    }

    /** The port is free when this returns: a virtual thread that waits in it keeps it until it has woken up. */
    void closePort() {
        // Else the accepting thread would spin.
        setAccepting(false);
        close();
        try {
            if (accepting.tryLock(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                accepting.unlock();
            } else {
                LOG.warn("{} is not free {} s after it was closed.", this, CLOSING_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The accepting thread fails when the port is closed under it; Jetty would warn of that. */
    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return isOpen() ? super.handleAcceptFailure(failure) : true;
    }
}
