package io.millrace.http.gate;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A servlet of a bundle that is reached through gates, and the calls that it is answering. */
final class GatedServlet {

    /** The one that serves comes first: highest ranking, then the newest, unlike the framework's own order. */
    static final Comparator<GatedServlet> PRECEDENCE = Comparator.comparingInt((GatedServlet gated) -> gated.terms.ranking())
            .thenComparingLong(gated -> gated.terms.serviceId())
            .reversed();

    private static final Logger LOG = LoggerFactory.getLogger(GatedServlet.class);
    /** How long a call may take to end after it was aborted. */
    private static final Duration AFTER_ABORT = Duration.ofSeconds(1);

    private final Servlet servlet;
    private final ServletTerms terms;
    /** Leases have no equality but their identity. */
    private final Set<Lease> leases = new HashSet<>();

    private boolean closed;

    GatedServlet(Servlet servlet, ServletTerms terms) {
        this.servlet = servlet;
        this.terms = terms;
    }

    ServletTerms terms() {
        return terms;
    }

    void init(ServletContext context) throws ServletException {
        try (var _ = ContextLoader.of(servlet)) {
            servlet.init(new GatedServletConfig(servlet.getClass().getName(), context, terms.parameters()));
        }
    }

    void service(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        try (var _ = ContextLoader.of(servlet)) {
            servlet.service(request, response);
        }
    }

    /** False once it is closed. */
    synchronized boolean grant(Lease lease) {
        return !closed && leases.add(lease);
    }

    synchronized void release(Lease lease) {
        if (leases.remove(lease) && leases.isEmpty()) {
            notifyAll();
        }
    }

    void sweep() {
        List<Lease> held;
        synchronized (this) {
            held = List.copyOf(leases);
        }
        held.forEach(Lease::sweep);
    }

    /** Takes no more calls, ends what never ends, waits for the rest, and destroys the servlet. */
    void close(Duration wait) {
        synchronized (this) {
            closed = true;
        }
        if (servlet instanceof AutoCloseable endless) {
            quietly("close", endless::close);
        }
        if (!awaitCalls(wait)) {
            abortCalls();
            if (!awaitCalls(AFTER_ABORT)) {
                LOG.warn("{} is withdrawn although some of its calls have not ended.", this);
            }
        }
        quietly("destroy", servlet::destroy);
    }

    /** Whether all calls ended in time. */
    synchronized boolean awaitCalls(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        try {
            for (long left = wait.toMillis(); !leases.isEmpty(); left = (end - System.nanoTime()) / 1_000_000) {
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void abortCalls() {
        List<Lease> held;
        synchronized (this) {
            held = List.copyOf(leases);
        }
        LOG.warn("{} calls of {} did not end in time and are cut off.", held.size(), this);
        held.forEach(lease -> lease.abort("the servlet was withdrawn"));
    }

    private void quietly(String what, Action action) {
        try (var _ = ContextLoader.of(servlet)) {
            action.run();
        } catch (Exception e) {
            LOG.warn("{} failed to {}.", this, what, e);
        }
    }

    @Override
    public String toString() {
        return servlet.getClass().getSimpleName() + " at " + String.join(", ", terms.paths());
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }
}
