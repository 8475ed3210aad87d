package io.millrace.ops.status;

import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code /health} and {@code /health/ready}: 200 when the node serves, also with cautions; else 503, with the
 * reasons. {@code /health/live}: it runs.
 */
@Component(
        service = Servlet.class,
        property = {
            "millrace.http.server=admin",
            "millrace.http.path=/health",
            "millrace.http.path=/health/ready",
            "millrace.http.path=/health/live"
        })
public final class HealthServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;

    private final transient NodeView node;

    @Activate
    public HealthServlet(@Reference NodeView node) {
        super(node::hosts);
        this.node = node;
    }

    @Override
    protected boolean isPublic() {
        return true;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().endsWith("/live")) {
            json(response, HttpServletResponse.SC_OK, Map.of("live", true));
            return;
        }
        NodeStatus status = node.status();
        json(
                response,
                status.ready() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                status.toMap());
    }
}
