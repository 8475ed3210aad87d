package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Identity;
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
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The gRPC service {@code net.Orchestrator}. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/net.Orchestrator/*"})
public final class OrchestratorServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, GrpcCall.Method> methods;

    /** Serves {@code orchestrator}; {@code identity} verifies callers and signs for this node. */
    @Activate
    public OrchestratorServlet(
            @Reference Orchestrator orchestrator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Identity identity) {
        this.methods = new OrchestratorMethods(orchestrator, identity, Clock.systemUTC()).byPath();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        GrpcCall.serve(methods, request, response);
    }
}
