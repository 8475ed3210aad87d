package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Wallet;
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

/** {@code /payment}: any method, as in the network. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/payment"})
public final class PaymentServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient PaymentExchange exchange;

    /** Serves {@code orchestrator}; {@code wallet} verifies callers. */
    @Activate
    public PaymentServlet(
            @Reference Orchestrator orchestrator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Wallet wallet) {
        this.exchange = new PaymentExchange(orchestrator, wallet, Clock.systemUTC());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        exchange.serve(request, response);
    }
}
