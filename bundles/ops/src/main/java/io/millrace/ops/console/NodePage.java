package io.millrace.ops.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The node's page as a page of the web console, in a frame, so that neither's style is in the other's way. */
@Component(
        service = {Servlet.class, NodePage.class},
        property = {
            "felix.webconsole.label=" + NodePage.LABEL,
            "felix.webconsole.title=Node",
            "felix.webconsole.category=Millrace"
        })
public final class NodePage extends HttpServlet {

    static final String LABEL = "millrace";

    private static final long serialVersionUID = 1;

    private static final String FRAME = "<iframe src=\"/?console\" class=\"node\" title=\"Millrace\"></iframe>\n";

    private final transient ConsolePassword password;

    @Activate
    public NodePage(
            @Reference ConsolePassword password, @Reference(target = "(http.felix.dispatcher=*)") HttpServlet bridge) {
        this.password = password;
    }

    /** Where the web console is on this server; empty when it is switched off. */
    public Optional<URI> console(URI server) {
        return password.enabled() ? Optional.of(server.resolve("/system/console")) : Optional.empty();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().write(FRAME);
    }
}
