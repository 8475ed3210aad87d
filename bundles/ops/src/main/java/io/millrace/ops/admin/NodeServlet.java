package io.millrace.ops.admin;

import io.millrace.ops.status.DrainComponent;
import io.millrace.ops.status.NodeStatus.Work;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /api/node}: the node's status. {@code POST /api/node/drain?limitSeconds=N}: takes nothing new,
 * lets what runs go on for so long, then stops the node; answers at once.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/api/node/*"})
public final class NodeServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final String NODE = "/api/node";
    private static final String DRAIN = NODE + "/drain";
    private static final int LONGEST_SECONDS = 86_400;

    private final transient NodeView node;
    private final transient DrainComponent drain;

    @Activate
    public NodeServlet(@Reference NodeView node, @Reference Authority authority, @Reference DrainComponent drain) {
        super(node::hosts, authority);
        this.node = node;
        this.drain = drain;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getRequestURI()) {
            case NODE -> json(response, HttpServletResponse.SC_OK, node.status().toMap());
            case DRAIN -> notAllowed(response, "POST");
            default -> unknown(response);
        }
    }

    @Override
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getRequestURI().equals(DRAIN)) {
            unknown(response);
        } else if (!request.getMethod().equals("POST")) {
            notAllowed(response, "POST");
        } else {
            drain(request, response);
        }
    }

    private void drain(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Duration> limit = limit(request.getParameter("limitSeconds"));
        if (limit.isEmpty()) {
            text(
                    response,
                    HttpServletResponse.SC_BAD_REQUEST,
                    "limitSeconds is a number of seconds from 0 to " + LONGEST_SECONDS);
            return;
        }
        Work work = node.status().work();
        drain.begin(limit.get());
        text(
                response,
                HttpServletResponse.SC_ACCEPTED,
                String.format(
                        "draining: %d streams and %d sessions may go on for %d s, then the node stops",
                        work.streams(),
                        work.sessions(),
                        limit.get().toSeconds()));
    }

    private Optional<Duration> limit(String seconds) {
        if (seconds == null) {
            return Optional.of(drain.usualLimit());
        }
        try {
            int limit = Integer.parseInt(seconds);
            return limit < 0 || limit > LONGEST_SECONDS ? Optional.empty() : Optional.of(Duration.ofSeconds(limit));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static void unknown(HttpServletResponse response) throws IOException {
        text(response, HttpServletResponse.SC_NOT_FOUND, "there are GET /api/node and POST /api/node/drain");
    }
}
