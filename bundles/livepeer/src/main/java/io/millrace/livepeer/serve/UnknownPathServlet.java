package io.millrace.livepeer.serve;

import io.millrace.api.resource.Budget;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers every path that no other servlet serves as go-livepeer does: as an unknown gRPC service, or with 404. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/*"})
public final class UnknownPathServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient GrpcCall calls;

    /** Serves no method. */
    @Activate
    public UnknownPathServlet(@Reference(target = "(resource=heap)") Budget heap) {
        this.calls = new GrpcCall(Map.of(), heap, Clock.systemUTC());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        calls.serve(request, response);
    }
}
