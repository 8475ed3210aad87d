package io.millrace.api.payment;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.time.Instant;

/**
 * One line of a {@link Ledger}. More kinds may come with later versions: a ledger that meets one it does not know
 * refuses the whole append with a {@code Fault} of {@code STOP_NODE} instead of leaving it out.
 */
public sealed interface LedgerEntry {

    /** The balance grows, such as by the expected value of tickets. {@code amount} is in wei and may be negative. */
    record Credited(BalanceKey balance, Rational amount) implements LedgerEntry {}

    /** The balance shrinks, such as by the fee of work. {@code amount} is in wei. */
    record Debited(BalanceKey balance, Rational amount) implements LedgerEntry {}

    /**
     * A gateway sets the whole balance aside for one job, so that it is zero until that job is settled.
     * Contradicts a balance that is not exactly {@code amount}.
     */
    record SetAside(BalanceKey balance, Rational amount) implements LedgerEntry {}

    /** The price that holds for the balance from now on. Contradicts another price that is pinned already. */
    record Pinned(BalanceKey balance, Price price) implements LedgerEntry {}

    /**
     * The balance ends: credit, debt and pinned price are void. Contradicts a balance that has changed since
     * {@code lastChange}, or is not there.
     */
    record Closed(BalanceKey balance, Instant lastChange) implements LedgerEntry {}

    /**
     * An orchestrator took a ticket. Contradicts a ticket of the same nonce that was received for the same hash.
     *
     * @param recipientRandHash 32 bytes, which name the terms
     * @param expirationBlock when the terms end
     */
    record TicketReceived(Bytes recipientRandHash, long nonce, BigInteger expirationBlock) implements LedgerEntry {}

    /**
     * A gateway gives out {@code count} nonces, beginning with {@code firstNonce}. Contradicts the nonces given out
     * before when {@code firstNonce} is not the next one.
     *
     * @param balance that the tickets are for; it changes with a further entry, once it is known what became of them
     * @param expectedValue of all of them together, in wei; for the record
     */
    record TicketsSent(
            BalanceKey balance,
            Bytes recipientRandHash,
            long firstNonce,
            int count,
            Rational expectedValue,
            BigInteger expirationBlock)
            implements LedgerEntry {}

    /** The nonces of all terms that ended at this block or before may be forgotten: no check needs them any more. */
    record TermsExpired(BigInteger block) implements LedgerEntry {}

    /** A received ticket won and waits to be redeemed. One that is known already, by its hash, changes nothing. */
    record TicketWon(WinningTicket ticket) implements LedgerEntry {}

    /**
     * Another node took the ticket over and redeems it. It waits all the same, until its end is seen on the chain and
     * written. Contradicts a ticket that does not wait to be redeemed.
     *
     * @param redeemer the address of that node, as it was configured
     */
    record HandedOver(Bytes ticketHash, String redeemer) implements LedgerEntry {}

    /**
     * A try to redeem begins; until its end is written the ticket counts as in flight. This and its ends contradict a
     * ticket that does not wait to be redeemed.
     */
    record RedemptionBegun(Bytes ticketHash) implements LedgerEntry {}

    /** The try failed; another may succeed. */
    record RedemptionFailed(Bytes ticketHash, String message) implements LedgerEntry {}

    /**
     * The receipt: the ticket is redeemed.
     *
     * @param transaction its hash
     * @param paid what was really paid, which is less than the face value where the sender's funds did not suffice
     */
    record Redeemed(Bytes ticketHash, Bytes transaction, Wei paid) implements LedgerEntry {}

    /**
     * Gas was paid for a transaction.
     *
     * @param transaction its hash
     */
    record GasSpent(Bytes transaction, Wei cost) implements LedgerEntry {}

    /** The ticket will never be redeemed, for example because it is too old. */
    record Abandoned(Bytes ticketHash, String reason) implements LedgerEntry {}
}
