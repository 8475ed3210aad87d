package io.millrace.livepeer.web;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty's client as this bundle needs it: HTTP/1.1 and HTTP/2, any certificate, no names resolved, and nothing that a
 * browser does, such as cookies, redirects or passwords.
 */
final class WebTransport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebTransport.class);
    /** Threads of the client, which only hand on what arrived. */
    private static final int THREADS = 8;
    private static final int MAX_CONNECTIONS_A_PEER = 256;
    /**
     * Silence after which a connection is closed: more than any answer takes, since Jetty's HTTP/2 counts a session
     * whose calls wait for their answers as idle.
     */
    private static final Duration IDLE = Duration.ofMinutes(65);
    /** How long the knowledge about a peer is kept while there is no connection to it. */
    private static final Duration FORGET = Duration.ofMinutes(2);
    /** Bytes of a response that may arrive unread. */
    private static final int STREAM_WINDOW = 1 << 20;
    private static final int SESSION_WINDOW = 4 << 20;

    private final HttpClient client;

    /** Starts the client; it opens no connection yet. */
    WebTransport() {
        TolerantCertificates.acquire();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS);
        threads.setName("livepeer-web");
        threads.setDaemon(true);
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setExecutor(threads);
        connector.setScheduler(new ScheduledExecutorScheduler("livepeer-web-timer", true));
        connector.setSslContextFactory(tls());
        HTTP2Client http2 = new HTTP2Client(connector);
        http2.setInitialStreamRecvWindow(STREAM_WINDOW);
        http2.setInitialSessionRecvWindow(SESSION_WINDOW);
        // A peer without ALPN is spoken to in the first of these; one with ALPN chooses.
        HttpClientTransportDynamic transport = new HttpClientTransportDynamic(
                connector, HttpClientConnectionFactory.HTTP11, new ClientConnectionFactoryOverHTTP2.HTTP2(http2));
        transport.setConnectionPoolFactory(peer -> SharedConnections.of(peer, MAX_CONNECTIONS_A_PEER));
        client = new HttpClient(transport);
        client.setConnectTimeout(WebClient.CONNECT.toMillis());
        client.setIdleTimeout(IDLE.toMillis());
        client.setDestinationIdleTimeout(FORGET.toMillis());
        client.setMaxConnectionsPerDestination(MAX_CONNECTIONS_A_PEER);
        client.setSocketAddressResolver(WebTransport::checked);
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(null);
        client.setDefaultRequestContentType(null);
        try {
            client.start();
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the HTTP client did not start", e);
        }
        client.getProtocolHandlers().clear();
        client.getContentDecoderFactories().clear();
    }

    HttpClient client() {
        return client;
    }

    /**
     * Begins a request. Jetty finds its ALPN by the context class loader of whoever sends first, which here is any
     * thread of the node.
     */
    void send(Request request, Response.CompleteListener listener) {
        Thread thread = Thread.currentThread();
        ClassLoader outer = thread.getContextClassLoader();
        thread.setContextClassLoader(WebTransport.class.getClassLoader());
        try {
            request.send(listener);
        } finally {
            thread.setContextClassLoader(outer);
        }
    }

    /** A name is never asked for again: the request's tag is the address that was checked. */
    private static void checked(
            String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        Destination destination = (Destination) context.get(Destination.CONTEXT_KEY);
        promise.succeeded(List.of((InetSocketAddress) destination.getOrigin().getTag()));
    }

    private static SslContextFactory.Client tls() {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setSslContext(TrustAnyCertificate.context());
        // none, said in a way that Jetty does not warn of: nodes of the network sign their certificates themselves
        tls.setEndpointIdentificationAlgorithm("");
        return tls;
    }

    @Override
    public void close() {
        TolerantCertificates.release();
        try {
            client.stop();
        } catch (Exception e) {
            LOG.warn("The HTTP client did not stop cleanly.", e);
        }
    }
}
