package io.millrace.api.payment;

import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The durable truth of money: what was written here is never lost and never changed. Everything that can be asked of
 * it follows from the entries. It decides nothing and has no clock of its own; when a balance ends, which tickets are
 * good and what is redeemed is said by those who write.
 *
 * <p>Thread-safe, also for several nodes or several instances of a bundle that share it: what must happen only once
 * (a nonce, setting a balance aside) is an entry that contradicts its own repetition. Reads see all appends that have
 * returned.
 */
@ConsumerType
public interface Ledger {

    /**
     * Writes all of these entries or none, in this order, durably before it returns.
     *
     * @param at when, by the caller's clock
     * @return false when one of them contradicts what is written already: nothing was written, and the caller reads
     *     again
     * @throws io.millrace.api.value.Fault when it cannot write: nothing was written
     */
    boolean append(Instant at, List<LedgerEntry> entries);

    /** A balance; empty when nothing was ever written of it, or it was closed. */
    Optional<Balance> balance(BalanceKey key);

    /** Balances of this side that have not changed since {@code before}, the longest first, at most {@code limit}. */
    List<BalanceKey> idle(Side side, Instant before, int limit);

    /** The nonces that were used with terms of this hash; none for a hash that is not known. */
    Nonces nonces(Bytes recipientRandHash);

    /**
     * Tickets that won and are neither redeemed nor abandoned, the earliest expiration block first.
     *
     * @param sender only those of this sender; empty for all
     */
    List<PendingWinner> winners(Optional<Address> sender, int limit);

    /** Those of all senders whose terms have ended at this block, the earliest first, at most {@code limit}. */
    List<PendingWinner> due(BigInteger block, int limit);

    /**
     * How many tickets that won are neither redeemed nor abandoned.
     *
     * @param sender only those of this sender; empty for all
     */
    int waiting(Optional<Address> sender);

    /** What was written over all time, summed up for each side and peer, by address. */
    List<Totals> totals();

    /**
     * What was spent from {@code since} on: a sum for each hour and peer of the expected value of tickets that were
     * sent, and for each hour of gas. It may take a second where many were sent: ask once, and count along.
     */
    List<Spent> spent(Instant since);

    /**
     * A sum of what was spent.
     *
     * @param hour when it begins, in UTC
     * @param peer to whom the tickets were sent; empty for gas
     * @param amount in wei
     */
    record Spent(Instant hour, Optional<Address> peer, Rational amount) {}

    /**
     * Writes all that was written so far, a row each, for people and their programs; but not the secret numbers of
     * winning tickets. It may take long, and holds up nobody meanwhile.
     *
     * @throws IOException when {@code out} does not take it
     */
    void export(Format format, OutputStream out) throws IOException;

    /** A form of the export, in UTF-8. */
    enum Format {
        /** With a line of names, as RFC 4180 has it. */
        CSV,
        /** An array of an object a row; amounts, nonces and blocks are strings. */
        JSON
    }

    /** Sums of one side and peer; all amounts in wei and exact. */
    @ConsumerType
    interface Totals {

        /** Whether tickets were received from the peer, or sent to it. */
        Side side();

        /** Who sent them, or to whom they were sent. */
        Address peer();

        /** What its tickets were worth on average: those that were credited, or those that were sent. */
        Rational value();

        /** What the work cost that was done for them. */
        Rational work();

        /** How many tickets won; a gateway does not know. */
        long winners();

        /** The face values of those that won. */
        Wei faceValue();

        /** How many of those were redeemed. */
        long redeemed();

        /** What the redeemed ones really paid. */
        Wei paid();
    }

    /** The state of one balance. A ledger implements it; later versions may add methods with a default. */
    @ConsumerType
    interface Balance {

        /** In wei; negative where work was dearer than the credit. */
        Rational amount();

        /** The price that holds for it, where one was pinned. */
        Optional<Price> pinnedPrice();

        /** When it last changed. */
        Instant lastChange();
    }

    /** The nonces of one {@code recipientRandHash}. */
    @ConsumerType
    interface Nonces {

        /** Those that were received. */
        Set<Long> received();

        /** The last one that was given out; 0 when none was. */
        long lastSent();
    }

    /** A ticket that won. */
    @ConsumerType
    interface PendingWinner {

        /** The ticket. */
        WinningTicket ticket();

        /** Tries to redeem it so far. */
        int tries();

        /** Whether a try has begun whose end is not written. */
        boolean inFlight();

        /** The node that took it over last, where one did. */
        default Optional<String> redeemer() {
            return Optional.empty();
        }

        /** Why the last try failed, where one did. */
        default Optional<String> lastFailure() {
            return Optional.empty();
        }

        /** When its terms expire; before that its secret number stays secret. */
        default BigInteger expirationBlock() {
            return ticket().ticket().params().expirationBlock();
        }
    }
}
