package io.millrace.http;

import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A connector whose port may be closed while its connections go on. */
final class ClosableConnector extends ServerConnector {

    // A thread accepts: where the selector does it, a closed port is not free before the selector wakes up.
    ClosableConnector(Server server, ConnectionFactory... factories) {
        super(server, 1, 1, factories);
    }

    /** The accepting thread fails when the port is closed under it; Jetty would warn of that. */
    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return isOpen() ? super.handleAcceptFailure(failure) : true;
    }
}
