package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
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

    private final transient GrpcCall calls;

    /** Serves {@code orchestrator}; {@code wallet} verifies callers and signs for this node. */
    @Activate
    public OrchestratorServlet(
            @Reference Orchestrator orchestrator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Wallet wallet,
            @Reference(target = "(resource=heap)") Budget heap) {
        Clock clock = Clock.systemUTC();
        this.calls = new GrpcCall(new OrchestratorMethods(orchestrator, wallet, clock).byPath(), heap, clock);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        calls.serve(request, response);
    }
}
