package io.millrace.api.orchestrator;

import io.millrace.api.value.Address;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an orchestrator would do a job for. Every reply carries the next one.
 *
 * @param endpoint where to submit; may differ from the address that was asked
 * @param token the session to submit under
 * @param capabilities all that the orchestrator can do
 * @param price what is asked; empty when nothing is, or nothing was said
 * @param ticketParams how to pay; empty off-chain
 * @param address the account that signs results, {@link Address#NONE} off-chain
 * @param nodes further instances of the same orchestrator
 */
public record Offer(
        URI endpoint,
        AuthToken token,
        Capabilities capabilities,
        Optional<Price> price,
        Optional<TicketParams> ticketParams,
        Address address,
        List<URI> nodes)
        implements Quote {

    /** Copies the nodes. */
    public Offer {
        nodes = List.copyOf(nodes);
    }

    /** The same under another token. */
    public Offer withToken(AuthToken newToken) {
        return new Offer(endpoint, newToken, capabilities, price, ticketParams, address, nodes);
    }
}
