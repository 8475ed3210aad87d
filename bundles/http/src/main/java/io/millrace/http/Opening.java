package io.millrace.http;

import io.millrace.http.tls.CertificateFile;
import io.millrace.http.tls.KeyMaterial;
import io.millrace.http.tls.UnusableCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a server's port and announces it. While that cannot be, it says why, once for each cause, and tries again. */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ServerPlan plan;
    private final HttpServer server;
    private final Announcer announcer;
    private final Duration firstPause;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Optional<Runnable> announced = Optional.empty();
    private String problem = "";

    /**
     * Nothing is opened yet.
     *
     * @param firstPause before the second attempt; it doubles with each, up to half a minute
     */
    Opening(ServerPlan plan, HttpServer server, Announcer announcer, Duration firstPause) {
        this.plan = plan;
        this.server = server;
        this.announcer = announcer;
        this.firstPause = firstPause;
    }

    /** Tries at once, and goes on trying in a thread of its own. */
    void start() {
        if (!attempt()) {
            Thread.ofVirtual().name("http-" + plan.name() + "-open").start(this::retry);
        }
    }

    private void retry() {
        try {
            Duration pause = firstPause;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS) && !attempt()) {
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True when there is nothing more to try. */
    private synchronized boolean attempt() {
        if (closed.getCount() == 0) {
            return true;
        }
        try {
            int port = server.open(plan.socketAddress(), plan.certificates().map(this::identity));
            URI uri = plan.reachedAt(port);
            announced = Optional.of(announcer.announce(plan.name(), uri));
            problem = "";
            LOG.info("Server '{}' listens on port {}: {}", plan.name(), port, uri);
            return true;
        } catch (UnusableCertificate e) {
            report(e.getMessage());
        } catch (UnknownHostException e) {
            report("The host of its 'address' " + plan.address() + " is not known.");
        } catch (IOException e) {
            report(plan.address() + ": " + causeOf(e) + ". Free it, or set another 'address'.");
        }
        return false;
    }

    private KeyMaterial identity(Path directory) {
        return new CertificateFile(directory, plan.certificateHost(), InstantSource.system()).load();
    }

    private void report(String reason) {
        if (!reason.equals(problem)) {
            LOG.error(
                    "Server '{}' (configuration io.millrace.http~{}) is not open and is tried again by itself. {}",
                    plan.name(),
                    plan.name(),
                    reason);
            problem = reason;
        }
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
        closed.countDown();
        announced.ifPresent(Runnable::run);
        announced = Optional.empty();
    }
}
