package io.millrace.http;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port that its server has left for another address. It still accepts connections for a while, and then serves
 * those that are open.
 */
final class RetiredPort {

    private static final Logger LOG = LoggerFactory.getLogger(RetiredPort.class);

    private final Port port;
    private final Instant acceptsUntil;
    private final Instant servesUntil;
    private boolean accepting = true;

    RetiredPort(Port port, AddressChange change, Instant now) {
        this.port = port;
        acceptsUntil = now.plus(change.accepting());
        servesUntil = acceptsUntil.plus(change.serving());
    }

    Port port() {
        return port;
    }

    /** Stops accepting or closes the port when its time has come; true once the port is closed. */
    synchronized boolean sweep(Instant now) {
        if (accepting && !now.isBefore(acceptsUntil)) {
            stopAccepting();
        }
        if (accepting || (!port.unused() && now.isBefore(servesUntil))) {
            return false;
        }
        port.close();
        LOG.info("Port {}, where the server listened before, is closed.", port.number());
        return true;
    }

    /** Frees the port at once, because the server listens there again in another way. */
    synchronized void stopAccepting() {
        if (accepting) {
            accepting = false;
            port.closeToNewcomers();
        }
    }
}
