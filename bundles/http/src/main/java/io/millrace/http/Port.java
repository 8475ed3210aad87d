package io.millrace.http;

import io.millrace.http.tls.ServedCertificate;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open port of a server, and the connections that were accepted at it. */
final class Port {

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);

    private final Server server;
    private final ClosableConnector connector;
    private final Optional<ServedCertificate> certificate;
    private final int number;

    /** Takes an open connector that has been started. */
    Port(Server server, ClosableConnector connector, Optional<ServedCertificate> certificate) {
        this.server = server;
        this.connector = connector;
        this.certificate = certificate;
        this.number = connector.getLocalPort();
    }

    int number() {
        return number;
    }

    /** Headers and silence are bounded so for connections that begin from now on. */
    void limits(ServerLimits limits) {
        connector.setIdleTimeout(limits.idle().toMillis());
        connector
                .getConnectionFactories()
                .forEach(factory -> {
                    if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                        http.getHttpConfiguration().setRequestHeaderSize(limits.maxHeaderBytes());
                    }
                });
    }

    /** Takes a certificate that was renewed. */
    void checkCertificate() {
        certificate.ifPresent(ServedCertificate::check);
    }

    /** Accepts no connection more and frees the port; open connections go on. */
    void closeToNewcomers() {
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
