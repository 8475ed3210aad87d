package io.millrace.media.rtmp;

import io.millrace.api.resource.Budget;
import io.millrace.media.rtmp.RtmpConnection.Stage;
import io.millrace.media.web.CountedWarnings;
import io.millrace.media.web.PerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket and its clients: it accepts and counts connections, and closes those whose time is over. Thread-safe. */
final class RtmpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RtmpServer.class);

    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());
    private static final int BACKLOG = 64;

    /** How often overdue clients are looked for, in milliseconds. */
    private static final int SWEEP_MILLIS = 250;

    /** How long to wait before accepting again after the system refused, in milliseconds. */
    private static final int ACCEPT_PAUSE_MILLIS = 200;

    /** How long closing waits for clients whose last segment is handed in. */
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final ServerSocket listener;
    private final PublishAuthorizer authorizer;
    private final Supplier<RtmpLimits> limits;
    private final Budget budget;
    private final InstantSource clock;
    private final PerAddress addresses = new PerAddress();
    private final Map<RtmpConnection, Thread> connections = new ConcurrentHashMap<>();
    private final ScheduledExecutorService sweeper;
    private final Thread acceptor;
    private volatile boolean accepting = true;
    private volatile boolean closed;

    private RtmpServer(
            ServerSocket listener,
            PublishAuthorizer authorizer,
            Supplier<RtmpLimits> limits,
            Budget budget,
            InstantSource clock) {
        this.listener = listener;
        this.authorizer = authorizer;
        this.limits = limits;
        this.budget = budget;
        this.clock = clock;
        this.acceptor =
                Thread.ofPlatform().daemon().name("rtmp-accept-" + listener.getLocalPort()).unstarted(this::accept);
        this.sweeper =
                Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("rtmp-sweeper").factory());
    }

    /** Listens; the socket is open when this returns. Limits are asked for anew with each connection. */
    static RtmpServer open(
            InetSocketAddress address,
            PublishAuthorizer authorizer,
            Supplier<RtmpLimits> limits,
            Budget budget,
            InstantSource clock)
            throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        RtmpServer server = new RtmpServer(listener, authorizer, limits, budget, clock);
        server.acceptor.start();
        server.sweeper.scheduleWithFixedDelay(server::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        return server;
    }

    /** The port in use. */
    int port() {
        return listener.getLocalPort();
    }

    /** Accepts no connection more and frees the port; clients that are connected go on until they leave. */
    void retire() {
        accepting = false;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("Closing the RTMP socket failed", e);
        }
        // The system keeps the port open until the call that waits in it has returned.
        if (!join(acceptor, System.nanoTime() + CLOSING.toNanos())) {
            LOG.warn("The RTMP port {} is not free {} s after it was closed", port(), CLOSING.toSeconds());
        }
    }

    /** Whether it was retired and its last client has left. */
    boolean isOver() {
        return sweeper.isShutdown();
    }

    /** Stops accepting, ends all publishers, and waits a bounded time until their last segments are in. */
    @Override
    public void close() {
        closed = true;
        sweeper.shutdownNow();
        retire();
        connections.keySet().forEach(connection -> connection.end("the RTMP server stops"));
        long end = System.nanoTime() + CLOSING.toNanos();
        boolean all = true;
        for (Thread thread : connections.values()) {
            all &= join(thread, end);
        }
        if (!all) {
            LOG.warn("An RTMP publisher's last segment was not handed in within {} s", CLOSING.toSeconds());
        }
    }

    private static boolean join(Thread thread, long end) {
        try {
            return thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void accept() {
        while (accepting) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                if (accepting) {
                    LOG.warn("An RTMP connection could not be accepted: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        RtmpLimits now = limits.get();
        String address = socket.getInetAddress().getHostAddress();
        if (!addresses.enter(address, now.connectionsPerAddress())) {
            socket.close();
            WARNINGS.warn("address", "An RTMP connection from " + address + " was closed: one address may have "
                    + now.connectionsPerAddress() + " (setting maxConnectionsPerAddress)");
            return;
        }
        if (connections.size() >= now.connections() && !makeRoom()) {
            addresses.leave(address);
            socket.close();
            WARNINGS.warn("full", "An RTMP connection was closed: all " + now.connections()
                    + " that there may be are publishing (setting maxConnections)");
            return;
        }
        RtmpConnection connection = new RtmpConnection(socket, authorizer, now, budget.open("rtmp connection"), clock);
        Thread thread =
                Thread.ofVirtual()
                        .name("rtmp-" + socket.getPort())
                        .unstarted(
                                () -> {
                                    try {
                                        connection.run();
                                    } finally {
                                        connections.remove(connection);
                                        addresses.leave(address);
                                    }
                                });
        connections.put(connection, thread);
        thread.start();
        if (closed) {
            connection.end("the RTMP server stops");
        }
    }

    /** Closes the one that has said least, and of those the oldest; false when all of them publish. */
    private boolean makeRoom() {
        Optional<RtmpConnection> first = connections.keySet().stream()
                .filter(connection -> connection.stage() != Stage.PUBLISHING)
                .min(Comparator.comparing(RtmpConnection::stage).thenComparingLong(RtmpConnection::number));
        first.ifPresent(connection -> {
            connections.remove(connection);
            connection.end("it published nothing, and another client needed its place");
        });
        return first.isPresent();
    }

    private void sweep() {
        connections.keySet().forEach(connection -> connection.sweep(clock.instant()));
        if (!acceptor.isAlive() && connections.isEmpty()) {
            sweeper.shutdown();
            LOG.info("RTMP port {} was left, and its last publisher has gone", port());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ACCEPT_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
