package io.millrace.http;

import io.millrace.http.gate.ServletTerms;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configured server: it opens the port, and serves the servlets that ask for it. */
@Component(
        name = "io.millrace.http",
        service = {},
        immediate = true,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ServerSettings.class, factory = true)
public final class ServerComponent {

    private static final Logger LOG = LoggerFactory.getLogger(ServerComponent.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final HttpServer server;
    private final PortOpener opener;

    /** Starts the server without a port, so that servlets are there before the first call. */
    @Activate
    public ServerComponent(
            ServerSettings settings,
            @Reference(target = "(component.factory=" + OpenEndpoint.FACTORY + ")")
                    ComponentFactory<OpenEndpoint> endpoints) {
        ServerPlan plan = checked(settings);
        name = plan.name();
        server = new HttpServer(name, plan.limits(), new MonotonicClock());
        plan.paths().forEach(server.gates()::open);
        opener = new PortOpener(
                plan,
                server,
                (called, uri) -> endpoints.newInstance(new Hashtable<>(
                        Map.of(OpenEndpoint.NAME, called, OpenEndpoint.URI, uri.toString())))::dispose,
                FIRST_PAUSE);
    }

    private static ServerPlan checked(ServerSettings settings) {
        try {
            return ServerPlan.of(settings);
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "Server '{}' is not started: {}. Correct its configuration of io.millrace.http.",
                    settings.name(),
                    e.getMessage());
            throw e;
        }
    }

    /** Takes changed settings without ending a call; unusable ones are refused and change nothing. */
    @Modified
    void change(ServerSettings settings) {
        ServerPlan next = ServerPlan.of(settings);
        if (!next.name().equals(name)) {
            throw new IllegalArgumentException("'name' cannot become '" + next.name() + "' while the server runs");
        }
        next.paths().forEach(server.gates()::open);
        opener.change(next);
        server.limits(next.limits());
    }

    @Activate
    void open() {
        opener.start();
    }

    /** Why the port is not open; empty when it is. */
    String problem() {
        return opener.problem();
    }

    @Deactivate
    void close() {
        opener.close();
        server.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + ServletTerms.SERVER + "=*)")
    void bindServlet(Servlet servlet, Map<String, ?> properties) {
        ServletTerms terms = ServletTerms.of(properties);
        if (terms.servers().contains(name)) {
            admit(servlet, terms);
        }
    }

    void unbindServlet(Servlet servlet) {
        server.gates().withdraw(servlet);
    }

    private void admit(Servlet servlet, ServletTerms terms) {
        try {
            server.gates().admit(servlet, terms);
        } catch (ServletException | RuntimeException e) {
            LOG.error(
                    "Server '{}' cannot serve {} at {}.", name, servlet.getClass().getName(), terms.paths(), e);
        }
    }
}
