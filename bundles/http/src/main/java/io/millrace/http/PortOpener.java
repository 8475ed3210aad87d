package io.millrace.http;

import io.millrace.http.tls.CertificateFile;
import io.millrace.http.tls.UnusableCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the port of a server and registers its address. While it cannot be opened, each cause is logged once and it is
 * tried again. When the settings change, the new port is opened and the old one ends, or the change is refused.
 */
final class PortOpener {

    private static final Logger LOG = LoggerFactory.getLogger(PortOpener.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final HttpServer server;
    private final EndpointRegistry endpoints;
    private final Duration firstPause;

    private ServerPlan wanted;
    private Optional<Open> open = Optional.empty();
    private boolean retrying;
    private boolean closed;
    private String problem = "";

    /** A port that accepts, and how it was announced. */
    private record Open(ServerPlan plan, Port port, URI uri, Runnable withdrawal) {}

    /**
     * Nothing is opened yet.
     *
     * @param firstPause before the second attempt; it doubles with each, up to half a minute
     */
    PortOpener(ServerPlan plan, HttpServer server, EndpointRegistry endpoints, Duration firstPause) {
        this.wanted = plan;
        this.server = server;
        this.endpoints = endpoints;
        this.firstPause = firstPause;
    }

    /** Tries at once, and goes on trying in a thread of its own. */
    synchronized void start() {
        if (!attempted() && !retrying) {
            retrying = true;
            Thread.ofVirtual().name("http-" + wanted.name() + "-open").start(this::retry);
        }
    }

    /**
     * Goes over to another plan.
     *
     * @throws IllegalStateException says why that cannot be; what was wanted before is wanted still
     */
    synchronized void change(ServerPlan plan) {
        ServerPlan before = wanted;
        wanted = plan;
        if (!attempt()) {
            String why = problem;
            wanted = before;
            problem = "";
            start();
            throw new IllegalStateException(why);
        }
    }

    private synchronized void retry() {
        try {
            Duration pause = firstPause;
            ServerPlan tried = wanted;
            do {
                TimeUnit.MILLISECONDS.timedWait(this, pause.toMillis());
                Duration twice = pause.multipliedBy(2);
                pause = !tried.equals(wanted)
                        ? firstPause
                        : twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
                tried = wanted;
            } while (!attempted());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            retrying = false;
        }
    }

    /** The same as {@link #attempt}, with a line in the log for each new reason. */
    private boolean attempted() {
        String before = problem;
        boolean done = attempt();
        if (!done && !problem.equals(before)) {
            report();
        }
        return done;
    }

    /** True when no further attempt is needed; else {@link #problem} says why. */
    private boolean attempt() {
        if (closed) {
            return true;
        }
        try {
            if (open.isEmpty()) {
                announce(openPort(wanted));
            } else if (!open.get().plan().sameSocket(wanted)) {
                move(open.get());
            } else if (!wanted.reachedAt(open.get().port().number()).equals(open.get().uri())) {
                Open before = open.get();
                announce(before.port());
                before.withdrawal().run();
            }
            problem = "";
            return true;
        } catch (UnusableCertificate e) {
            problem = e.getMessage();
        } catch (UnknownHostException e) {
            problem = "The host of its 'address' " + wanted.address() + " is not known.";
        } catch (IOException e) {
            problem = wanted.address() + ": " + causeOf(e) + ". Free it, or set another 'address'.";
        }
        return false;
    }

    /** Opens the new port, then lets the old one end; in the other order where both cannot be open at a time. */
    private void move(Open before) throws IOException {
        int number = before.port().number();
        server.free(wanted.port());
        if (wanted.port() == number) {
            // What can be known to fail fails while the old port is still open.
            wanted.socketAddress();
            certificate(wanted).ifPresent(CertificateFile::load);
            server.retire(before.port(), wanted.addressChange());
            server.free(number);
            try {
                announce(openPort(wanted));
            } catch (IOException e) {
                ServerPlan plan = before.plan();
                open = Optional.of(new Open(plan, openPort(plan.at(number)), before.uri(), before.withdrawal()));
                throw e;
            }
        } else {
            announce(openPort(wanted));
            server.retire(before.port(), wanted.addressChange());
        }
        before.withdrawal().run();
    }

    private Port openPort(ServerPlan plan) throws IOException {
        return server.open(plan.socketAddress(), certificate(plan));
    }

    private void announce(Port port) {
        URI uri = wanted.reachedAt(port.number());
        open = Optional.of(new Open(wanted, port, uri, endpoints.register(wanted.name(), uri)));
        LOG.info("Server '{}' listens on port {}: {}", wanted.name(), port.number(), uri);
    }

    private static Optional<CertificateFile> certificate(ServerPlan plan) {
        return plan.certificates()
                .map(directory -> new CertificateFile(directory, plan.certificateHost(), InstantSource.system()));
    }

    private void report() {
        LOG.error(
                "Server '{}' (configuration io.millrace.http~{}) is not open and is tried again by itself. {}",
                wanted.name(),
                wanted.name(),
                problem);
    }

    /** Why the port is not open; empty when it is. */
    synchronized String problem() {
        return problem;
    }

    private static String causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Stops trying, and takes the announcement back. The port itself is closed with the server. */
    synchronized void close() {
        closed = true;
        notifyAll();
        open.ifPresent(now -> now.withdrawal().run());
        open = Optional.empty();
    }
}
