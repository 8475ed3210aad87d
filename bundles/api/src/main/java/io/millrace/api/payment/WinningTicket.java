package io.millrace.api.payment;

import io.millrace.api.value.Bytes;

/**
 * A ticket that won, with all that its redemption needs.
 *
 * @param ticket the ticket
 * @param signature the sender's, 65 bytes
 * @param recipientRand the number behind {@code recipientRandHash}, 32 bytes. It is a secret until the terms have
 *     expired: whoever knows it can make tickets of these terms that never win.
 */
public record WinningTicket(Ticket ticket, Bytes signature, Bytes recipientRand) {

    /** The ticket's hash, by which the ledger and the contract know it. */
    public Bytes hash() {
        return ticket.hash();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "winning ticket 0x" + hash().hex();
    }
}
