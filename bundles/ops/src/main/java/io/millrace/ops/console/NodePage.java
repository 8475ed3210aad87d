package io.millrace.ops.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The node's page as a page of the web console, in a frame, so that neither's style is in the other's way. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=" + NodePage.LABEL,
            "felix.webconsole.title=Node",
            "felix.webconsole.category=Millrace"
        })
public final class NodePage extends HttpServlet {

    /** Where it is below the console. */
    static final String LABEL = "millrace";

    private static final long serialVersionUID = 1;

    private static final String FRAME = "<iframe src=\"/?console\" class=\"node\" title=\"Millrace\"></iframe>\n";

    /** Where there is a bridge there is a console. */
    @Activate
    public NodePage(@Reference(target = "(http.felix.dispatcher=*)") HttpServlet bridge) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().write(FRAME);
    }
}
