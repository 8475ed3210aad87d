package io.millrace.http.gate;

import io.millrace.http.body.MeteredBody;
import io.millrace.http.peer.PeerAddress;
import io.millrace.http.peer.Strangers;
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
 * The permanent servlet of one path. Each call leases the tenant that serves now, until the answer is complete; a call
 * that finds none is parked. A servlet container would destroy a servlet in the middle of its calls, and answer 404 in
 * the gap.
 */
final class Gate extends HttpServlet {

    private static final String SERVING = Gate.class.getName() + ".tenant";
    /** When the caller may try again. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private final Calls calls;
    private final Strangers strangers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Tenant> tenants = new ArrayList<>();

    private boolean closed;

    /**
     * A gate without a tenant.
     *
     * @param calls shared by the gates of a server
     */
    Gate(Calls calls, Strangers strangers) {
        this.calls = calls;
        this.strangers = strangers;
    }

    void add(Tenant tenant) {
        change(() -> {
            tenants.add(tenant);
            tenants.sort(Tenant.PRECEDENCE);
        });
    }

    void remove(Tenant tenant) {
        change(() -> tenants.remove(tenant));
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
        Tenant tenant = (Tenant) request.getAttribute(SERVING);
        if (tenant == null) {
            var lease = new Lease(ServletContextRequest.getServletContextRequest(request));
            Optional<Tenant> leased = enter(lease, request);
            if (leased.isEmpty()) {
                strangers.warn("a call was refused as busy", lease.client().address());
                refuse((HttpServletResponse) response);
                return;
            }
            tenant = leased.get();
        }
        serve(tenant, request, response);
    }

    /** A servlet that fails is logged here, and counted: Jetty would log each failure. */
    private void serve(Tenant tenant, ServletRequest request, ServletResponse response)
            throws ServletException, IOException {
        try {
            tenant.service(request, response);
        } catch (IOException | ServletException | RuntimeException e) {
            if (QuietException.isQuiet(e)) {
                throw e;
            }
            Request call = ServletContextRequest.getServletContextRequest(request);
            strangers.warn(
                    tenant + " failed with " + e.getClass().getSimpleName(),
                    Request.as(call, MeteredBody.class).client().address(),
                    e);
            throw new QuietException.RuntimeException(e);
        }
    }

    private Optional<Tenant> enter(Lease lease, ServletRequest request) {
        PeerAddress caller = lease.client().address();
        if (!calls.enter(this, caller)) {
            return Optional.empty();
        }
        Optional<Tenant> leased = await(lease);
        if (leased.isEmpty()) {
            calls.leave(this, caller);
            return leased;
        }
        Tenant tenant = leased.get();
        // Jetty calls it after the last byte, whether the call was answered at once or later, well or not.
        Request.addCompletionListener(lease.body(), failure -> {
            lease.departure().end();
            tenant.release(lease);
            calls.leave(this, caller);
        });
        if (tenant.terms().openBody()) {
            lease.body().exempt();
        }
        request.setAttribute(SERVING, tenant);
        request.setAttribute(Departure.ATTRIBUTE, lease.departure());
        return leased;
    }

    private Optional<Tenant> await(Lease lease) {
        lock.lock();
        try {
            long left = calls.limits().park().toNanos();
            while (!closed) {
                // The first is the one that serves; closed ones are removed before they refuse.
                if (!tenants.isEmpty() && tenants.getFirst().grant(lease)) {
                    return Optional.of(tenants.getFirst());
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
