package io.millrace.http;

import io.millrace.http.body.BodyMeter;
import io.millrace.http.gate.ContextLoader;
import io.millrace.http.gate.Gates;
import io.millrace.http.peer.Connections;
import io.millrace.http.peer.PeerWarnings;
import io.millrace.http.tls.CertificateFile;
import io.millrace.http.tls.ServedCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Jetty with its gates. It runs from the beginning, so that servlets can be initialised, and is reached from
 * outside once a port is opened.
 */
final class HttpServer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration SWEEP = Duration.ofMillis(500);
    /**
     * Jetty fixes this at the start, while the bound on calls may change: so it is twice as many as calls can ever be
     * allowed, and some for selecting, parsing and refusing.
     */
    private static final int TASKS = 2 * ServerPlan.MOST_CALLS + 256;

    private final String name;
    private volatile ServerLimits limits;
    private final Server server;
    private final PeerWarnings warnings;
    private final Connections connections;
    private final BodyMeter meter;
    private final Gates gates;
    private final InstantSource clock;
    private final List<Port> ports = new CopyOnWriteArrayList<>();
    private final List<RetiredPort> retired = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    HttpServer(String name, ServerLimits limits, InstantSource clock) {
        this.name = name;
        this.limits = limits;
        this.clock = clock;
        warnings = new PeerWarnings(name, clock, LOG::warn);
        connections = new Connections(limits.connections(), warnings);
        // Jetty looks for its own services through the context class loader.
        try (var _ = ContextLoader.of(this)) {
            var pool = new VirtualThreadPool(TASKS);
            pool.setName("http-" + name);
            server = new Server(pool);
            var context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
            context.setErrorHandler(PlainErrors.ofServlets());
            context.getServletHandler().setEnsureDefaultServlet(false);
            meter = new BodyMeter(limits.body(), clock, warnings);
            meter.setHandler(context);
            connections.setHandler(meter);
            server.setHandler(connections);
            server.setErrorHandler(PlainErrors.ofServer());
            gates = new Gates(context, limits.gates(), warnings);
            start();
        }
        Thread.ofVirtual().name("http-" + name + "-sweep").start(this::sweep);
    }

    private void start() {
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not start", e);
        }
    }

    private void sweep() {
        try {
            while (!closed.await(SWEEP.toMillis(), TimeUnit.MILLISECONDS)) {
                sweepOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweepOnce() {
        try {
            meter.check();
            gates.sweep();
            retired.removeIf(this::over);
            ports.forEach(Port::checkCertificate);
            warnings.report();
        } catch (RuntimeException e) {
            LOG.warn("Slow peers, lost calls, old ports and certificates of server '{}' could not be looked at.", name, e);
        }
    }

    private boolean over(RetiredPort old) {
        boolean over = old.sweep(clock.instant());
        if (over) {
            ports.remove(old.port());
        }
        return over;
    }

    Gates gates() {
        return gates;
    }

    /** Other bounds, for calls, bodies and connections that begin from now on. */
    synchronized void limits(ServerLimits next) {
        limits = next;
        meter.limits(next.body());
        connections.limits(next.connections());
        gates.limits(next.gates());
        ports.forEach(port -> port.limits(next));
    }

    /**
     * Opens a port.
     *
     * @param certificate for TLS; without it the port is plain
     * @throws IOException the address is taken or is none of this machine's
     * @throws io.millrace.http.tls.UnusableCertificate with what to do about it
     */
    synchronized Port open(InetSocketAddress address, Optional<CertificateFile> certificate) throws IOException {
        try (var _ = ContextLoader.of(this)) {
            Optional<ServedCertificate> served = certificate.map(ServedCertificate::new);
            ClosableConnector connector = new Protocols(limits).connector(server, connections, served);
            connector.setHost(address.getAddress().isAnyLocalAddress() ? null : address.getAddress().getHostAddress());
            connector.setPort(address.getPort());
            start(connector);
            var port = new Port(server, connector, served);
            ports.add(port);
            return port;
        }
    }

    /** Lets retired ports of a number accept no longer, since it is wanted again. */
    void free(int number) {
        retired.stream().filter(old -> old.port().number() == number).forEach(RetiredPort::stopAccepting);
    }

    /** Lets a port accept for a while, and then end when its connections have ended. */
    void retire(Port port, AddressChange change) {
        retired.add(new RetiredPort(port, change, clock.instant()));
    }

    private void start(ServerConnector connector) throws IOException {
        try {
            connector.open();
            server.addConnector(connector);
            connector.start();
        } catch (Exception e) {
            server.removeConnector(connector);
            connector.close();
            throw e instanceof IOException io ? io : new IOException("Jetty did not open the port", e);
        }
    }

    /** Accepts nothing more, lets calls end within bounds, and closes all connections. */
    void close() {
        ports.forEach(Port::closeToNewcomers);
        gates.close();
        closed.countDown();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("Server '{}' did not stop cleanly.", name, e);
        }
    }
}
