package io.millrace.http.gate;

import io.millrace.http.peer.PeerWarnings;
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

/** All gates of a server, and the servlets behind them. Safe for use by many threads. */
public final class Gates {

    private final ServletContextHandler context;
    private final Calls calls;
    private final PeerWarnings warnings;
    private final Map<String, Gate> gates = new HashMap<>();
    private final Map<Servlet, GatedServlet> gatedServlets = new IdentityHashMap<>();
    /** Those that serve, and those withdrawn whose calls have yet to end. */
    private final Set<GatedServlet> swept = ConcurrentHashMap.newKeySet();

    /** No gates yet: every path is unknown. */
    public Gates(ServletContextHandler context, GateLimits limits, PeerWarnings warnings) {
        this.context = context;
        this.warnings = warnings;
        this.calls = new Calls(limits);
    }

    /** Other bounds, for calls and withdrawals that begin from now on. */
    public void limits(GateLimits limits) {
        calls.limits(limits);
    }

    /** Makes the gate of a path, if there is none. From now on calls to it are parked rather than unknown. */
    public synchronized void open(String path) {
        gates.computeIfAbsent(path, pattern -> {
            var gate = new Gate(calls, warnings);
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
        var gated = new GatedServlet(servlet, terms);
        gated.init(context.getServletContext());
        synchronized (this) {
            gatedServlets.put(servlet, gated);
            swept.add(gated);
            terms.paths().forEach(path -> gates.get(path).add(gated));
        }
    }

    /**
     * Stops a servlet from serving: newcomers are parked or served by another, calls that run end, within bounds,
     * before this returns. Does nothing for a servlet that is not served.
     */
    public void withdraw(Servlet servlet) {
        GatedServlet gated;
        synchronized (this) {
            gated = gatedServlets.remove(servlet);
            if (gated == null) {
                return;
            }
            gated.terms().paths().forEach(path -> gates.get(path).remove(gated));
        }
        gated.close(calls.limits().drain());
        swept.remove(gated);
    }

    /** Ends calls whose peer is gone. To be called about twice a second. */
    public void sweep() {
        swept.forEach(GatedServlet::sweep);
    }

    /**
     * Refuses new calls and waits, within bounds, for those that run. The servlets stay as they are: they still exist,
     * and the next server of that name initialises them again.
     */
    public void close() {
        List<GatedServlet> serving;
        synchronized (this) {
            gates.values().forEach(Gate::close);
            serving = List.copyOf(gatedServlets.values());
            gatedServlets.clear();
        }
        long end = System.nanoTime() + calls.limits().drain().toNanos();
        serving.forEach(gated -> gated.awaitCalls(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
    }
}
