package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import java.util.Optional;

/** What an orchestrator asks for its work, and what it takes. Its own price counts, never the sender's. */
public interface Payee {

    /** What is asked; empty when the work is free. */
    Optional<Price> price();

    /** How to pay; empty off-chain. */
    Optional<TicketParams> ticketParams();

    /**
     * Takes a payment before the body of its job is read.
     *
     * @return why it cannot be taken; empty when it was
     */
    Optional<Refusal> take(SessionId session, Payment payment);
}
