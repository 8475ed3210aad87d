package io.millrace.http.gate;

import io.millrace.http.peer.Strangers;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;

/** All gates of a server, and who stands behind them. Safe for use by many threads. */
public final class Gates {

    private final ServletContextHandler context;
    private final Calls calls;
    private final Strangers strangers;
    private final Map<String, Gate> gates = new HashMap<>();
    private final Map<Servlet, Tenant> tenants = new IdentityHashMap<>();
    /** Those that serve, and those withdrawn whose calls have yet to end. */
    private final Set<Tenant> swept = ConcurrentHashMap.newKeySet();

    /** No gates yet: every path is unknown. */
    public Gates(ServletContextHandler context, GateLimits limits, Strangers strangers) {
        this.context = context;
        this.strangers = strangers;
        this.calls = new Calls(limits);
    }

    /** Other bounds, for calls and withdrawals that begin from now on. */
    public void limits(GateLimits limits) {
        calls.limits(limits);
    }

    /** Makes the gate of a path, if there is none. From now on calls to it are parked rather than unknown. */
    public synchronized void open(String path) {
        gates.computeIfAbsent(path, pattern -> {
            var gate = new Gate(calls, strangers);
            calls.divideAmong(gate);
            var holder = new ServletHolder("gate " + pattern, gate);
            holder.setAsyncSupported(true);
            context.addServlet(holder, pattern);
            return gate;
        });
    }

    /**
     * Initialises a servlet and lets it serve its paths.
     *
     * @throws ServletException it refused to be initialised and is not served
     * @throws IllegalArgumentException one of its patterns is none
     */
    public void admit(Servlet servlet, ServletTerms terms) throws ServletException {
        terms.paths().forEach(this::open);
        var tenant = new Tenant(servlet, terms);
        tenant.init(context.getServletContext());
        synchronized (this) {
            tenants.put(servlet, tenant);
            swept.add(tenant);
            terms.paths().forEach(path -> gates.get(path).add(tenant));
        }
    }

    /**
     * Stops a servlet from serving: newcomers are parked or served by another, calls that run end, within bounds,
     * before this returns. Does nothing for a servlet that is not served.
     */
    public void withdraw(Servlet servlet) {
        Tenant tenant;
        synchronized (this) {
            tenant = tenants.remove(servlet);
            if (tenant == null) {
                return;
            }
            tenant.terms().paths().forEach(path -> gates.get(path).remove(tenant));
        }
        tenant.close(calls.limits().drain());
        swept.remove(tenant);
    }

    /** Ends calls whose peer is gone. To be called about twice a second. */
    public void sweep() {
        swept.forEach(Tenant::sweep);
    }

    /**
     * Refuses new calls and waits, within bounds, for those that run. The servlets stay as they are: they still exist,
     * and the next server of that name initialises them again.
     */
    public void close() {
        List<Tenant> serving;
        synchronized (this) {
            gates.values().forEach(Gate::close);
            serving = List.copyOf(tenants.values());
            tenants.clear();
        }
        long end = System.nanoTime() + calls.limits().drain().toNanos();
        serving.forEach(tenant -> tenant.awaitCalls(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
    }
}
