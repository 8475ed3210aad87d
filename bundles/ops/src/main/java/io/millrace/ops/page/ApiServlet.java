package io.millrace.ops.page;

import io.millrace.api.node.NodeControl;
import io.millrace.api.value.ManifestId;
import io.millrace.ops.eventlog.Warnings;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code DELETE /api/streams/NAME}: ends that stream; answers when it has ended.
 * {@code GET /api/streams}: the snapshot as JSON, with {@code ?stream=NAME} of one stream and with
 * {@code ?segments=N} with that many of the newest segments of each, at most
 * {@value StreamRecord#SEGMENTS}. Pages ask again each second; nothing is held open.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/api/*"})
public final class ApiServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final int SEGMENTS = 60;

    private static final int NAMED = 20;

    private static final String STREAMS = "/api/streams";

    private final transient NodeView node;
    private final transient Snapshot snapshot;

    @Activate
    public ApiServlet(
            @Reference NodeView node,
            @Reference Authority authority,
            @Reference History history,
            @Reference Warnings warnings) {
        this(node, authority, history, warnings, InstantSource.system());
    }

    ApiServlet(NodeView node, Authority authority, History history, Warnings warnings, InstantSource clock) {
        super(node::hosts, authority);
        this.node = node;
        snapshot = new Snapshot(node, history, warnings, clock);
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getRequestURI().equals(STREAMS)) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "there is " + STREAMS);
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

    @Override
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = URI.create(request.getRequestURI()).getPath();
        if (!path.startsWith(STREAMS + "/") || !request.getMethod().equals("DELETE")) {
            notAllowed(response, path.startsWith(STREAMS + "/") ? "DELETE" : "GET, HEAD");
            return;
        }
        String name = path.substring(STREAMS.length() + 1);
        if (end(name)) {
            text(response, HttpServletResponse.SC_OK, "stream " + name + " has ended");
        } else {
            text(response, HttpServletResponse.SC_NOT_FOUND, "no such stream is running; there " + running());
        }
    }

    private boolean end(String name) {
        try {
            ManifestId manifest = new ManifestId(name);
            return node.control().filter(control -> control.endStream(manifest)).isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String running() {
        List<String> names = node.control().map(NodeControl::streams).orElse(List.of()).stream()
                .map(stream -> stream.manifest().value())
                .limit(NAMED)
                .toList();
        return names.isEmpty() ? "is none" : names.size() == 1 ? "is " + names.getFirst() : "are " + String.join(", ", names);
    }
}
