package io.millrace.api.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;

/**
 * Names one balance in a {@link Ledger}. A node that is gateway and orchestrator has both sides in one ledger.
 *
 * @param side which of the node's roles it belongs to
 * @param peer the sender of the tickets for an orchestrator, their recipient for a gateway
 * @param balance what it is kept for
 */
public record BalanceKey(Side side, Address peer, BalanceId balance) {

    /** Whose credit a balance is. */
    public enum Side {
        /** An orchestrator's: what a sender has paid and not used up. */
        RECEIVED,
        /** A gateway's: what it has paid to a recipient and not used up. */
        PAID
    }

    /** An orchestrator's balance of a sender. */
    public static BalanceKey received(Address sender, BalanceId balance) {
        return new BalanceKey(Side.RECEIVED, sender, balance);
    }

    /** A gateway's balance at a recipient. */
    public static BalanceKey paid(Address recipient, BalanceId balance) {
        return new BalanceKey(Side.PAID, recipient, balance);
    }
}
