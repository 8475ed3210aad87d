package io.millrace.ops.console;

import io.millrace.ops.settings.SettingsPage;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Refusals;
import io.millrace.ops.web.RequestOrigin;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * {@code /system/...}: the framework's HTTP bridge, with the web console and whatever else registers there,
 * behind one door. Nobody passes without the password, no other site's page changes anything, none shows it in
 * a frame, and it answers to no name but its own.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/system/*"})
public final class ConsoleServlet extends HttpServlet {

    static final String USER = ConsoleServlet.class.getName() + ".user";

    private static final long serialVersionUID = 1;
    private static final Set<String> READS = Set.of("GET", "HEAD");
    private static final Set<String> START = Set.of("/system", "/system/", "/system/console", "/system/console/");
    private static final String GENERIC_FORMS = "/console/configMgr";
    private static final String COMPONENTS = "/console/components";
    private static final String GENERIC_LOG = "/console/logs";
    private static final String SETTINGS = "/system/console/" + SettingsPage.LABEL;
    private static final int TOO_MANY_REQUESTS = 429;

    private final transient NodeView node;
    private final transient ConsolePassword password;
    private final transient HttpServlet bridge;
    private final transient Supplier<Set<String>> idle;

    @Activate
    public ConsoleServlet(
            @Reference NodeView node,
            @Reference ConsolePassword password,
            @Reference(target = "(http.felix.dispatcher=*)") HttpServlet bridge,
            @Reference ServiceComponentRuntime runtime) {
        this(node, password, bridge, new IdleComponents(runtime)::names);
    }

    ConsoleServlet(NodeView node, ConsolePassword password, HttpServlet bridge, Supplier<Set<String>> idle) {
        this.node = node;
        this.password = password;
        this.bridge = bridge;
        this.idle = idle;
    }

    @Override
    public void init(ServletConfig config) throws ServletException {
        super.init(config);
        bridge.init(config);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Content-Security-Policy", "frame-ancestors 'none'; form-action 'self'; base-uri 'none'");
        if (!password.enabled()) {
            Refusals.text(response, HttpServletResponse.SC_NOT_FOUND, "the web console is switched off here: "
                    + ConsoleSettings.PID + ".enabled");
        } else if (!node.hosts().accepts(request.getHeader("Host"))) {
            Refusals.unknownHost(response);
        } else if (!READS.contains(request.getMethod()) && RequestOrigin.foreign(request)) {
            Refusals.foreignSite(response);
        } else {
            enter(request, response);
        }
    }

    private void enter(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        switch (password.verdict(request.getHeader("Authorization"))) {
            case RIGHT -> {
                request.setAttribute(USER, "operator");
                String path = request.getPathInfo() == null ? "" : request.getPathInfo();
                if (path.equals(GENERIC_FORMS) || path.startsWith(GENERIC_FORMS + "/")) {
                    leadToSettings(path.substring(GENERIC_FORMS.length()), request, response);
                } else if (path.equals(GENERIC_LOG)) {
                    // It shows a buffer of the framework's, which is empty here: exceptions in it would keep bundles.
                    response.sendRedirect("/system/console/" + LogPage.LABEL);
                } else if (START.contains(request.getRequestURI())) {
                    response.sendRedirect("/system/console/" + NodePage.LABEL);
                } else {
                    ConsolePage page = new ConsolePage(response);
                    bridge.service(request, page);
                    page.send(path.startsWith(COMPONENTS) ? idle.get() : Set.of());
                }
            }
            case LATER -> {
                response.setHeader("Retry-After", "60");
                Refusals.text(response, TOO_MANY_REQUESTS, "too many wrong passwords; try again in a minute");
            }
            case WRONG -> {
                Refusals.askForPassword(response);
                Refusals.text(response, HttpServletResponse.SC_UNAUTHORIZED, "the web console needs its password; it was shown"
                        + " at the first start, and 'millrace password' makes a new one");
            }
        }
    }

    /**
     * The framework's own page of configurations checks nothing and keeps nothing in the node's files, and its Delete
     * would take a configuration away from the components that need it until the next start.
     */
    private static void leadToSettings(String pid, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (READS.contains(request.getMethod())) {
            response.sendRedirect(SETTINGS
                    + (pid.length() > 1 ? "?pid=" + URLEncoder.encode(pid.substring(1), StandardCharsets.UTF_8) : ""));
        } else {
            Refusals.text(response, HttpServletResponse.SC_FORBIDDEN, "this form changes nothing here; settings are"
                    + " changed at " + SETTINGS + ", where they are checked and kept in the node's own files");
        }
    }
}
