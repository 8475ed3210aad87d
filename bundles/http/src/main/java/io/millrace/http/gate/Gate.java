package io.millrace.http.gate;

import io.millrace.http.body.MeteredBody;
import io.millrace.http.peer.PeerAddress;
import io.millrace.http.peer.PeerWarnings;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;

/**
 * The permanent servlet of one path. Each call leases the servlet that serves now, until the answer is complete; a call
 * that finds none is parked. A servlet container would destroy a servlet in the middle of its calls, and answer 404 in
 * the gap.
 */
final class Gate extends HttpServlet {

    private static final String SERVING = Gate.class.getName() + ".servlet";
    /** When the caller may try again. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private final Calls calls;
    private final PeerWarnings warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<GatedServlet> gatedServlets = new ArrayList<>();

    private boolean closed;

    /**
     * A gate with no servlet behind it yet.
     *
     * @param calls shared by the gates of a server
     */
    Gate(Calls calls, PeerWarnings warnings) {
        this.calls = calls;
        this.warnings = warnings;
    }

    void add(GatedServlet gated) {
        change(() -> {
            gatedServlets.add(gated);
            gatedServlets.sort(GatedServlet.PRECEDENCE);
        });
    }

    void remove(GatedServlet gated) {
        change(() -> gatedServlets.remove(gated));
    }

    /** Parks no more. */
    void close() {
        change(() -> closed = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void service(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        // A dispatch of an asynchronous call stays with the instance that began it.
        GatedServlet gated = (GatedServlet) request.getAttribute(SERVING);
        if (gated == null) {
            var lease = new Lease(ServletContextRequest.getServletContextRequest(request));
            Optional<GatedServlet> leased = enter(lease, request);
            if (leased.isEmpty()) {
                warnings.warn("a call was refused as busy", lease.client().address());
                refuse((HttpServletResponse) response);
                return;
            }
            gated = leased.get();
        }
        serve(gated, request, response);
    }

    /** A servlet that fails is logged here, and counted: Jetty would log each failure. */
    private void serve(GatedServlet gated, ServletRequest request, ServletResponse response)
            throws ServletException, IOException {
        try {
            gated.service(request, response);
        } catch (IOException | ServletException | RuntimeException e) {
            if (QuietException.isQuiet(e)) {
                throw e;
            }
            Request call = ServletContextRequest.getServletContextRequest(request);
            warnings.warn(
                    gated + " failed with " + e.getClass().getSimpleName(),
                    Request.as(call, MeteredBody.class).client().address(),
                    e);
            throw new QuietException.RuntimeException(e);
        }
    }

    private Optional<GatedServlet> enter(Lease lease, ServletRequest request) {
        PeerAddress caller = lease.client().address();
        if (!calls.enter(this, caller)) {
            return Optional.empty();
        }
        Optional<GatedServlet> leased = await(lease);
        if (leased.isEmpty()) {
            calls.leave(this, caller);
            return leased;
        }
        GatedServlet gated = leased.get();
        // Jetty calls it after the last byte, whether the call was answered at once or later, well or not.
        Request.addCompletionListener(lease.body(), failure -> {
            lease.departure().end();
            gated.release(lease);
            calls.leave(this, caller);
        });
        if (gated.terms().openBody()) {
            lease.body().exempt();
        }
        request.setAttribute(SERVING, gated);
        request.setAttribute(Departure.ATTRIBUTE, lease.departure());
        return leased;
    }

    private Optional<GatedServlet> await(Lease lease) {
        lock.lock();
        try {
            long left = calls.limits().park().toNanos();
            while (!closed) {
                // The first is the one that serves; closed ones are removed before they refuse.
                if (!gatedServlets.isEmpty() && gatedServlets.getFirst().grant(lease)) {
                    return Optional.of(gatedServlets.getFirst());
                }
                if (left <= 0) {
                    break;
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return Optional.empty();
    }

    /** With an empty body: gRPC clients take a body for the description of the error. */
    private static void refuse(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader(HttpHeader.RETRY_AFTER.asString(), RETRY_AFTER_SECONDS);
        response.setContentLength(0);
    }
}
