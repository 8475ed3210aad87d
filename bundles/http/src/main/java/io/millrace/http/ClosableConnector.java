package io.millrace.http;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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

    // A thread accepts: where the selector does it, a closed port is not free before the selector wakes up.
    ClosableConnector(Server server, ConnectionFactory... factories) {
        super(server, 1, 1, factories);
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
