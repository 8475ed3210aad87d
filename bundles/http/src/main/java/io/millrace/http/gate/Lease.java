package io.millrace.http.gate;

import org.eclipse.jetty.ee11.servlet.ServletChannel;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;

/** One call's hold on the servlet that answers it, until the last byte of the answer. */
final class Lease {

    private final ServletChannel channel;
    private final Connection connection;
    private final String id;
    private boolean seenGone;

    Lease(ServletContextRequest request) {
        this.channel = request.getServletChannel();
        this.connection = request.getConnectionMetaData().getConnection();
        this.id = request.getId();
    }

    /**
     * Ends the call when its peer is gone, which is sure when seen twice: between the last byte and the end of a call
     * an HTTP/2 stream is gone too. Jetty tells a reset to a pending read or write only, so an asynchronous servlet may
     * never hear of it and would hold its lease for ever.
     */
    void sweep() {
        boolean gone = isGone();
        if (gone && seenGone) {
            abort("the peer is gone");
        }
        seenGone = gone;
    }

    private boolean isGone() {
        if (!connection.getEndPoint().isOpen()) {
            return true;
        }
        if (connection instanceof HTTP2Connection http2) {
            HTTP2Stream stream = http2.getSession().getStream(Integer.parseInt(id));
            return stream == null || stream.isReset();
        }
        return false;
    }

    void abort(String reason) {
        channel.abort(new EofException(reason));
    }
}
