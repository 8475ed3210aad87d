package io.millrace.livepeer.support;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Servlets on one TLS port with HTTP/1.1 and HTTP/2, as the node's own sockets offer them. */
public final class WireServer implements AutoCloseable {

    private static final String PASSWORD = "of-a-test";

    /** What is to be run when the client of a call leaves, in the order of the calls. */
    public final LinkedBlockingQueue<Runnable> whenDeparted = new LinkedBlockingQueue<>();

    private final Server server = new Server();
    private final ServerConnector connector;

    /** Serves the servlets under their paths; the certificate is made in {@code directory}. */
    public WireServer(Path directory, Map<String, ? extends Servlet> servlets) throws Exception {
        this(directory, servlets, true);
    }

    /** The same over HTTP/1.1 alone, as behind many a proxy. */
    public static WireServer withoutHttp2(Path directory, Map<String, ? extends Servlet> servlets) throws Exception {
        return new WireServer(directory, servlets, false);
    }

    private WireServer(Path directory, Map<String, ? extends Servlet> servlets, boolean withHttp2) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(128 << 10);
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
        connector = withHttp2
                ? new ServerConnector(
                        server,
                        1,
                        1,
                        new SslConnectionFactory(tls(directory), alpn.getProtocol()),
                        alpn,
                        new HTTP2ServerConnectionFactory(configuration),
                        http1)
                : new ServerConnector(
                        server, 1, 1, new SslConnectionFactory(tls(directory), http1.getProtocol()), http1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        servlets.forEach((path, servlet) -> {
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, path);
        });
        FilterHolder rest = new FilterHolder(this::asTheNode);
        rest.setAsyncSupported(true);
        context.addFilter(rest, "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.start();
    }

    /**
     * Does what the node's own server does: it takes what is left of a refused body, so that the client reads the
     * answer, and takes what is to be run when the client leaves.
     */
    private void asTheNode(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Consumer<Runnable> departures = whenDeparted::add;
        request.setAttribute("io.millrace.http.whenDeparted", departures);
        chain.doFilter(request, response);
        if (!request.isAsyncStarted()) {
            response.flushBuffer();
            request.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Where it is. */
    public URI uri() {
        return URI.create("https://127.0.0.1:" + port());
    }

    /** The port that it got. */
    public int port() {
        return connector.getLocalPort();
    }

    private static SslContextFactory.Server tls(Path directory) throws IOException, InterruptedException {
        Path keys = directory.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(List.of(
                        keytool.toString(), "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", "node",
                        "-dname", "CN=nobody", "-validity", "10", "-storetype", "PKCS12", "-keystore", keys.toString(),
                        "-storepass", PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("no certificate could be made");
        }
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keys.toString());
        tls.setKeyStorePassword(PASSWORD);
        tls.setSniRequired(false);
        return tls;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("the server did not stop", e);
        }
    }
}
