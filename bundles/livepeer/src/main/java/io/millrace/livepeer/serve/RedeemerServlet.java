package io.millrace.livepeer.serve;

import io.millrace.api.payment.Redeemer;
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

/** The gRPC service {@code net.TicketRedeemer}. Closing it ends its streams, whose clients then ask again. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/net.TicketRedeemer/*"})
public final class RedeemerServlet extends HttpServlet implements AutoCloseable {

    private static final long serialVersionUID = 1L;

    private final transient MaxFloatStreams streams = new MaxFloatStreams();
    private final transient GrpcCall calls;

    /** Serves {@code redeemer}. */
    @Activate
    public RedeemerServlet(@Reference Redeemer redeemer, @Reference(target = "(resource=heap)") Budget heap) {
        Clock clock = Clock.systemUTC();
        RedeemerMethods methods = new RedeemerMethods(redeemer, streams, clock);
        this.calls = new GrpcCall(
                methods.byPath(), Map.of("/net.TicketRedeemer/MonitorMaxFloat", methods::monitor), heap, clock);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        calls.serve(request, response);
    }

    @Override
    public void close() {
        streams.close();
    }
}
