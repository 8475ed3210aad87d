package io.millrace.api.orchestrator;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import java.util.List;
import java.util.Optional;

/**
 * What comes along with a job.
 *
 * @param sender who pays, {@link Address#NONE} off-chain
 * @param params the terms of all tickets, empty without tickets
 * @param tickets in the order they were signed
 * @param expectedPrice the price the sender believes in; only the orchestrator's own counts
 */
public record Payment(
        Address sender, Optional<TicketParams> params, List<Ticket> tickets, Optional<Price> expectedPrice) {

    /** Nothing, as off-chain. */
    public static final Payment NONE = new Payment(Address.NONE, Optional.empty(), List.of(), Optional.empty());

    /** A signed ticket. */
    public record Ticket(long nonce, Bytes signature) {}

    /** Copies the tickets. */
    public Payment {
        tickets = List.copyOf(tickets);
    }
}
