package io.millrace.ops.page;

import io.millrace.ops.narrate.Warnings;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code /api/streams}: the snapshot as JSON, with {@code ?stream=NAME} of one stream and with
 * {@code ?segments=N} with that many of the newest segments of each, at most
 * {@value StreamRecord#SEGMENTS}. Pages ask again each second; nothing is held open.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/api/*"})
public final class ApiServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final int SEGMENTS = 60;

    private final transient Snapshot snapshot;

    /** Answers from these. */
    @Activate
    public ApiServlet(@Reference NodeView node, @Reference HistoryComponent history, @Reference Warnings warnings) {
        this(node, history.history(), warnings, InstantSource.system());
    }

    ApiServlet(NodeView node, History history, Warnings warnings, InstantSource clock) {
        super(node::hosts);
        snapshot = new Snapshot(node, history, warnings, clock);
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getRequestURI().equals("/api/streams")) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "there is /api/streams");
            return;
        }
        int segments;
        try {
            String wanted = request.getParameter("segments");
            segments = wanted == null ? SEGMENTS : Integer.parseInt(wanted);
        } catch (NumberFormatException e) {
            segments = -1;
        }
        if (segments < 0 || segments > StreamRecord.SEGMENTS) {
            text(response, HttpServletResponse.SC_BAD_REQUEST, "segments is a number from 0 to " + StreamRecord.SEGMENTS);
            return;
        }
        json(
                response,
                HttpServletResponse.SC_OK,
                snapshot.toMap(request.getParameter("stream"), segments, request.getHeader("Host")));
    }
}
