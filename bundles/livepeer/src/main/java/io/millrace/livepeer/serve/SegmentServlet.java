package io.millrace.livepeer.serve;

import io.millrace.api.network.AddressGuard;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import io.millrace.livepeer.LivepeerSettings;
import io.millrace.livepeer.web.CheckedAddresses;
import io.millrace.livepeer.web.WebClient;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code /segment}: any method, as in the network. */
@Component(
        service = Servlet.class,
        configurationPid = "io.millrace.livepeer",
        property = {"millrace.http.server=service", "millrace.http.path=/segment"})
public final class SegmentServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Optional<WebClient> web;
    private final transient SegmentExchange exchange;

    /** Serves {@code orchestrator}; {@code wallet} verifies callers. */
    @Activate
    public SegmentServlet(
            LivepeerSettings settings,
            @Reference Orchestrator orchestrator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Wallet wallet,
            @Reference AddressGuard guard,
            @Reference(target = "(resource=heap)") Budget heap) {
        this(settings.segmentsByAddress(), orchestrator, wallet, guard, heap, Clock.systemUTC());
    }

    SegmentServlet(
            boolean byAddress,
            Orchestrator orchestrator,
            Wallet wallet,
            AddressGuard guard,
            Budget heap,
            InstantSource clock) {
        this.web = byAddress
                ? Optional.of(new WebClient(new CheckedAddresses(guard, clock), heap, clock))
                : Optional.empty();
        this.exchange = new SegmentExchange(orchestrator, wallet, web, heap, clock);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        exchange.serve(request, response);
    }

    /** Ends downloads. */
    @Deactivate
    void close() {
        web.ifPresent(WebClient::close);
    }
}
