package io.millrace.livepeer.byoc;

import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Capabilities.Model;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.serve.PlainText;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code GET /process/token}: what this orchestrator offers for a capability. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/process/token"})
public final class TokenServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final transient Orchestrator orchestrator;
    private final transient Wallet wallet;
    private final transient InstantSource clock = Clock.systemUTC();

    /** Offers what {@code orchestrator} has; {@code wallet} verifies callers. */
    @Activate
    public TokenServlet(
            @Reference Orchestrator orchestrator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Wallet wallet) {
        this.orchestrator = orchestrator;
        this.wallet = wallet;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET")) {
            new PlainText(405, "Method not allowed").send(response);
            return;
        }
        String caller = request.getHeader("Livepeer-Eth-Address");
        if (caller == null || caller.isEmpty()) {
            new PlainText(400, "Must have eth address and signature on address in Livepeer-Eth-Address header")
                    .send(response);
            return;
        }
        Sender sender;
        try {
            sender = Sender.fromWire(WireJson.ofHeader(caller));
        } catch (Malformed e) {
            sender = new Sender("", "");
        }
        if (!sender.signed(sender.address(), wallet)) {
            new PlainText(400, "Invalid eth address header ").send(response);
            return;
        }
        String capability = request.getHeader("Livepeer-Capability");
        if (capability == null || capability.isEmpty()) {
            new PlainText(400, "Job capabilities not provided, must provide comma separated capabilities in"
                    + " Livepeer-Capability header").send(response);
            return;
        }
        offer(sender, capability, response);
    }

    private void offer(Sender sender, String capability, HttpServletResponse response) throws IOException {
        switch (orchestrator.quote(JobRequest.needing(capability), Caller.ANONYMOUS, Deadline.in(LIMIT, clock))) {
            case Refusal refusal -> new PlainText(503, refusal.message()).send(response);
            case Offer offer -> {
                byte[] token = JobToken.toWire(sender, offer.endpoint(), room(offer, capability))
                        .getBytes(StandardCharsets.UTF_8);
                response.setContentType("application/json");
                response.setContentLength(token.length);
                response.getOutputStream().write(token);
            }
        }
    }

    /** A gateway leaves an orchestrator alone that has none. */
    private static int room(Offer offer, String capability) {
        Model model = offer.capabilities().models().getOrDefault(Capability.BYOC, Map.of()).get(capability);
        return model == null ? 0 : Math.max(0, model.capacity() - model.inUse());
    }
}
