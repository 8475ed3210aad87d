package io.millrace.http;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;

/**
 * HTTP/2 in which a malformed request is a stream error of type PROTOCOL_ERROR (RFC 9113 section 8.1.1), as Go's
 * servers treat it: header names in upper case, missing or repeated pseudo-headers, headers of a connection. Jetty
 * answers 400 to them.
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

        /** The headers of a stream are no request. */
        @Override
        public void onStreamFailure(Stream stream, Throwable failure, Callback callback) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.PROTOCOL_ERROR.code), callback);
        }
    }
}
