package io.millrace.http.gate;

import io.millrace.http.body.MeteredBody;
import io.millrace.http.peer.Client;
import org.eclipse.jetty.ee11.servlet.ServletChannel;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;

/** One call's hold on the servlet that answers it, until the last byte of the answer. */
final class Lease {

    private final ServletChannel channel;
    private final MeteredBody body;
    private final Departure departure = new Departure();
    private boolean seenGone;

    Lease(ServletContextRequest request) {
        this.channel = request.getServletChannel();
        this.body = Request.as(request, MeteredBody.class);
    }

    MeteredBody body() {
        return body;
    }

    Client client() {
        return body.client();
    }

    Departure departure() {
        return departure;
    }

    /**
     * Tells the servlet when the client has left, and ends the call when the answer can reach it no more, which is sure
     * when seen twice. Jetty tells a reset to a pending read or write only, so an asynchronous servlet may never hear of
     * it and would hold its lease for ever.
     */
    void sweep() {
        boolean gone = client().isGone();
        boolean sure = gone && seenGone;
        seenGone = gone;
        if (sure || body.isComplete() && client().hasHungUp()) {
            departure.happened();
        }
        if (sure) {
            abort("the peer is gone");
        }
    }

    void abort(String reason) {
        channel.abort(new EofException(reason));
    }
}
