package io.millrace.http.peer;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** The client of one request. */
public final class Client {

    private final PeerEndPoint socket;
    private final Connection connection;
    private final String id;

    /** The one who sent a request. */
    public Client(Request request) {
        socket = PeerEndPoint.of(request);
        connection = request.getConnectionMetaData().getConnection();
        id = request.getId();
    }

    /** Who it is. */
    public PeerAddress address() {
        return socket.address();
    }

    /**
     * Whether the answer can reach it no more. Between the last byte and the end of a call an HTTP/2 stream is gone
     * too, so that only what is seen twice is sure.
     */
    public boolean isGone() {
        if (!connection.getEndPoint().isOpen()) {
            return true;
        }
        if (connection instanceof HTTP2Connection http2) {
            HTTP2Stream stream = stream(http2);
            return stream == null || stream.isReset();
        }
        return false;
    }

    /**
     * Whether it has closed its side of an HTTP/1.1 connection while it waits for the answer, and the whole request has
     * been read. That means that it has left: the clients of Go, of curl and of the JDK close only one side never, and
     * Go's server takes it for a departure as well.
     */
    public boolean hasHungUp() {
        return !(connection instanceof HTTP2Connection) && socket.hasEnded();
    }

    /** Ends the call for a client that hinders it. A write that waits for the client fails. */
    public void cutOff(String reason) {
        if (connection instanceof HTTP2Connection http2) {
            HTTP2Stream stream = stream(http2);
            if (stream != null) {
                stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
            }
        } else {
            connection.getEndPoint().close(new EofException(reason));
        }
    }

    private HTTP2Stream stream(HTTP2Connection http2) {
        return http2.getSession().getStream(Integer.parseInt(id));
    }
}
