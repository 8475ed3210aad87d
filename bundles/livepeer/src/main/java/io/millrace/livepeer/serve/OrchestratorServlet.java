package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Identity;
import io.millrace.livepeer.identity.OffchainIdentity;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The gRPC service {@code net.Orchestrator}. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/net.Orchestrator/*"})
public final class OrchestratorServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, GrpcCall.Method> methods;

    /** Serves {@code orchestrator}; without an identity no signature is asked for, nor given. */
    @Activate
    public OrchestratorServlet(
            @Reference Orchestrator orchestrator,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    Identity identity) {
        this.methods = new OrchestratorMethods(
                        orchestrator, Objects.requireNonNullElseGet(identity, OffchainIdentity::new), Clock.systemUTC())
                .byPath();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        GrpcCall.serve(methods, request, response);
    }
}
