package io.millrace.kernel.orchestrator;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.payment.Payee;
import java.net.URI;
import java.util.Optional;

/** Makes offers: what the node can do, where, and what it asks of one caller. */
final class Offers {

    private final LocalOrchestrator.Parts parts;

    Offers(LocalOrchestrator.Parts parts) {
        this.parts = parts;
    }

    /** What the node can do now; empty when it can do nothing. */
    Optional<Capabilities> capabilities() {
        return parts.roster().capabilities(parts.settings().get().version());
    }

    /** An offer for such a job under this token. */
    Quote offer(AuthToken token, JobSpec spec, Caller caller, Deadline deadline) {
        Optional<Capabilities> capabilities = capabilities();
        if (capabilities.isEmpty()) {
            return new Refusal(Reason.UNAVAILABLE, "no pipeline is there that can do something");
        }
        Optional<URI> endpoint = parts.endpoint().get();
        if (endpoint.isEmpty()) {
            return new Refusal(Reason.UNAVAILABLE, "the service port is not open yet");
        }
        return switch (parts.account().terms(spec, caller, deadline)) {
            case Payee.Asked.No no -> no.refusal();
            case Payee.Asked.Of of -> Offer.at(endpoint.get(), token)
                    .capabilities(capabilities.get())
                    .price(of.terms().price())
                    .prices(of.terms().prices())
                    .ticketParams(of.terms().ticketParams())
                    .address(parts.account().address())
                    .build();
        };
    }

    /** The offer that goes along with an answer; empty when none can be made now. */
    Optional<Offer> next(AuthToken token, JobSpec spec, Caller caller, Deadline deadline) {
        return offer(token, spec, caller, deadline) instanceof Offer offer ? Optional.of(offer) : Optional.empty();
    }
}
