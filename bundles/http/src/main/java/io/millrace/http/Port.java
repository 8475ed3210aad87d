package io.millrace.http;

import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open port of a server, and the connections that came by it. */
final class Port {

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);

    private final Server server;
    private final ClosableConnector connector;
    private final NetworkConnectionLimit bound;
    private final int number;

    /** Takes an open connector that has been started. */
    Port(Server server, ClosableConnector connector, NetworkConnectionLimit bound) {
        this.server = server;
        this.connector = connector;
        this.bound = bound;
        this.number = connector.getLocalPort();
    }

    int number() {
        return number;
    }

    /** Headers and silence are bounded so for connections that begin from now on, their number at once. */
    void limits(ServerLimits limits) {
        connector.setIdleTimeout(limits.idle().toMillis());
        connector
                .getConnectionFactories()
                .forEach(factory -> {
                    if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                        http.getHttpConfiguration().setRequestHeaderSize(limits.maxHeaderBytes());
                    }
                });
        bound.setMaxNetworkConnectionCount(limits.maxConnections());
    }

    /** Accepts nobody more and frees the port; connections go on. */
    void closeToNewcomers() {
        // Otherwise it would accept again, on the closed port, when there are few connections.
        connector.removeBean(bound);
        connector.closePort();
    }

    boolean unused() {
        return connector.getConnectedEndPoints().isEmpty();
    }

    /** Closes the connections as well. */
    void close() {
        server.removeConnector(connector);
        try {
            connector.stop();
        } catch (Exception e) {
            LOG.warn("Port {} did not close cleanly.", number, e);
        }
    }
}
