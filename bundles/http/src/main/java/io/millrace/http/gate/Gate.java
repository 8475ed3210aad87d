package io.millrace.http.gate;

import io.millrace.http.body.MeteredBody;
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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Tenant> tenants = new ArrayList<>();

    private boolean closed;

    /**
     * A gate without a tenant.
     *
     * @param calls shared by the gates of a server
     */
    Gate(Calls calls) {
        this.calls = calls;
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
            Optional<Tenant> leased = enter(ServletContextRequest.getServletContextRequest(request));
            if (leased.isEmpty()) {
                refuse((HttpServletResponse) response);
                return;
            }
            tenant = leased.get();
            request.setAttribute(SERVING, tenant);
        }
        tenant.service(request, response);
    }

    private Optional<Tenant> enter(ServletContextRequest request) {
        if (!calls.enter()) {
            return Optional.empty();
        }
        var lease = new Lease(request);
        Optional<Tenant> leased = await(lease);
        if (leased.isEmpty()) {
            calls.leave();
            return leased;
        }
        Tenant tenant = leased.get();
        // Jetty calls it after the last byte, whether the call was answered at once or later, well or not.
        Request.addCompletionListener(request, failure -> {
            tenant.release(lease);
            calls.leave();
        });
        if (tenant.terms().openBody()) {
            Request.as(request, MeteredBody.class).exempt();
        }
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
