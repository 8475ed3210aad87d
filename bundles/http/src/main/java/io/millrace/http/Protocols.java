package io.millrace.http;

import io.millrace.http.peer.Connections;
import io.millrace.http.tls.ServedCertificate;
import java.util.Optional;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HostHeaderCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;

/** HTTP/1.1 and HTTP/2 on one port: chosen by ALPN under TLS, by the client's first bytes without. */
final class Protocols {

    /**
     * As Go's servers. Fewer than the calls that one address may have by default, so that a client of one connection
     * waits for room rather than being refused.
     */
    private static final int MAX_STREAMS = 250;
    private static final int STREAM_WINDOW_BYTES = 4 << 20;
    private static final int SESSION_WINDOW_BYTES = 16 << 20;
    /**
     * Frames a second that carry nothing: pings, resets, settings. Jetty's 128 cuts off gRPC clients, which ping while
     * they measure the bandwidth.
     */
    private static final int MAX_EMPTY_FRAMES = 10_000;

    private final ServerLimits limits;

    Protocols(ServerLimits limits) {
        this.limits = limits;
    }

    ClosableConnector connector(Server server, Connections connections, Optional<ServedCertificate> certificate) {
        ConnectionFactory[] factories = certificate.map(this::secure).orElseGet(this::plain);
        var connector = new ClosableConnector(server, connections, factories);
        connector.setIdleTimeout(limits.idle().toMillis());
        return connector;
    }

    private ConnectionFactory[] plain() {
        HttpConfiguration http = http();
        return new ConnectionFactory[] {
            new HttpConnectionFactory(http), tuned(new StrictHttp2.ClearText(http))
        };
    }

    private ConnectionFactory[] secure(ServedCertificate certificate) {
        HttpConfiguration http = http();
        // Peers connect by address, and name no server.
        http.addCustomizer(new SecureRequestCustomizer(false));
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        return new ConnectionFactory[] {
            new SslConnectionFactory(certificate.factory(), alpn.getProtocol()),
            alpn,
            tuned(new StrictHttp2(http)),
            new HttpConnectionFactory(http)
        };
    }

    private HttpConfiguration http() {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(limits.maxHeaderBytes());
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        // HTTP/2 names the host elsewhere (RFC 9113 section 8.3.1), and a servlet asks for the header.
        http.addCustomizer(new HostHeaderCustomizer());
        return http;
    }

    private ConnectionFactory tuned(AbstractHTTP2ServerConnectionFactory http2) {
        http2.setMaxConcurrentStreams(Math.min(MAX_STREAMS, limits.gates().maxCallsPerAddress()));
        http2.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        http2.setInitialSessionRecvWindow(SESSION_WINDOW_BYTES);
        http2.setRateControlFactory(new WindowRateControl.Factory(MAX_EMPTY_FRAMES));
        return http2;
    }
}
