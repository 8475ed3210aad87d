package io.millrace.media.web;

import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** One servlet behind a real socket of the loopback interface, calls on virtual threads. */
public final class TestServer implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;

    /** Starts at any port. */
    public TestServer(String pattern, HttpServlet servlet) throws Exception {
        server = new Server(new VirtualThreadPool());
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(servlet), pattern);
        server.setHandler(context);
        server.start();
    }

    /** {@code host:port}. */
    public String authority() {
        return "127.0.0.1:" + connector.getLocalPort();
    }

    /** The address of a path. */
    public URI uri(String path) {
        return URI.create("http://" + authority() + path);
    }

    /** The port. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
