package io.millrace.http;

import java.util.List;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;

/**
 * HTTP/2 as RFC 9113 wants it where Jetty is more lenient, and as Go's servers speak it. A malformed request is a stream
 * error of type PROTOCOL_ERROR (section 8.1.1): header names in upper case, missing or repeated pseudo-headers, headers
 * of a connection; Jetty answers 400 to them. DATA on a closed stream is a stream error of type STREAM_CLOSED (section
 * 5.1); Jetty drops it without a word.
 */
final class StrictHttp2 extends HTTP2ServerConnectionFactory {

    /** For a port with TLS. */
    StrictHttp2(HttpConfiguration http) {
        super(http);
    }

    @Override
    protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
        return new Strict(this, endPoint);
    }

    /** The same for a plain port. */
    static final class ClearText extends HTTP2CServerConnectionFactory {

        ClearText(HttpConfiguration http) {
            super(http);
        }

        @Override
        protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
            return new Strict(this, endPoint);
        }
    }

    private static final class Strict extends HTTPServerSessionListener {

        Strict(HTTP2ServerConnectionFactory factory, EndPoint endPoint) {
            factory.super(endPoint);
        }

        @Override
        public void onAccept(Session session) {
            ((HTTP2Session) session).addEventListener(new ClosedStreams());
        }

        /** The headers of a stream are no request. */
        @Override
        public void onStreamFailure(Stream stream, Throwable failure, Callback callback) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.PROTOCOL_ERROR.code), callback);
        }
    }

    /** Jetty calls it for one frame at a time. */
    private static final class ClosedStreams implements HTTP2Session.FrameListener {

        private int lastOpened;
        /** One reset is enough, however much comes after it. */
        private int lastReset;

        @Override
        public void onIncomingFrame(Session session, Frame frame) {
            if (frame instanceof HeadersFrame headers) {
                lastOpened = Math.max(lastOpened, headers.getStreamId());
            } else if (frame instanceof DataFrame data && isClosed(session, data.getStreamId())) {
                lastReset = data.getStreamId();
                var reset = new ResetFrame(data.getStreamId(), ErrorCode.STREAM_CLOSED_ERROR.code);
                ((HTTP2Session) session).frames(null, List.of(reset), Callback.NOOP);
            }
        }

        private boolean isClosed(Session session, int stream) {
            return stream <= lastOpened && stream != lastReset && session.getStream(stream) == null;
        }
    }
}
