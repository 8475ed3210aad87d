package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.TicketReceived;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tickets of one payment, judged in go-livepeer's order (pm/recipient.go, ReceiveTicket; pm/validator.go). What
 * is wrong with the terms ends everything. What is wrong with one ticket ends the credit, for it and for those after
 * it; those that win are kept all the same, for they can be redeemed. Used by one thread.
 */
final class TicketCheck {

    private final Payment payment;
    private final TicketParams params;
    private final RecipientRandom random;
    private final Address recipient;
    private final String work;
    private Bytes recipientRand = Bytes.EMPTY;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private Rational credit = Rational.ZERO;
    private Optional<Refusal> refusal = Optional.empty();

    TicketCheck(Payment payment, TicketParams params, RecipientRandom random, Address recipient, String work) {
        this.payment = payment;
        this.params = params;
        this.random = random;
        this.recipient = recipient;
        this.work = work;
    }

    Bytes recipientRandHash() {
        return params.recipientRandHash();
    }

    /** What is wrong with the sender or the terms. */
    Optional<Refusal> fatal(ChainState state, SenderFunds funds, Price price) {
        Address sender = payment.sender();
        if (SenderLimits.unlocksSoon(state, funds)) {
            return no(
                    Reason.PAYMENT_RESERVE,
                    "deposit and reserve for sender " + sender.checksummed() + " is set to unlock soon");
        }
        if (!params.recipient().equals(recipient)) {
            return no(Reason.PAYMENT, "invalid ticket recipient");
        }
        return areOurs(sender, price)
                ? Optional.empty()
                : no(Reason.PAYMENT, "invalid recipientRand for ticket recipientRandHash");
    }

    private boolean areOurs(Address sender, Price price) {
        try {
            recipientRand = random.of(sender, params, price, work);
            return RecipientRandom.hash(recipientRand).equals(params.recipientRandHash());
        } catch (IllegalArgumentException e) {
            // numbers that no ticket can have
            return false;
        }
    }

    /** Whose signatures are right, in the order of the tickets. */
    List<Boolean> signatures(Wallet wallet) {
        return payment.tickets().stream()
                .map(sent -> wallet.verify(
                        payment.sender(),
                        new Ticket(payment.sender(), params, sent.nonce()).hash(),
                        sent.signature()))
                .toList();
    }

    /** Judges all of them, from the beginning each time. */
    void judge(BalanceKey key, List<Boolean> signed, Set<Long> received, long l1Block) {
        entries.clear();
        credit = Rational.ZERO;
        refusal = Optional.empty();
        Set<Long> seen = new HashSet<>(received);
        boolean expired = params.expirationBlock().compareTo(BigInteger.valueOf(l1Block)) <= 0;
        for (int i = 0; i < signed.size(); i++) {
            Payment.Ticket sent = payment.tickets().get(i);
            if (!signed.get(i)) {
                refusal = no(Reason.PAYMENT, "invalid ticket signature");
                continue;
            }
            Ticket ticket = new Ticket(payment.sender(), params, sent.nonce());
            refusal = nonceOrExpiry(sent.nonce(), seen, expired).or(() -> refusal);
            if (refusal.isEmpty()) {
                credit = credit.plus(ticket.expectedValue());
            }
            if (ticket.wins(sent.signature(), recipientRand)) {
                entries.add(new TicketWon(new WinningTicket(ticket, sent.signature(), recipientRand)));
            }
        }
        if (credits()) {
            entries.add(new Credited(key, credit));
        }
    }

    /** Nonces of terms that have expired are not kept: no ticket of theirs is ever credited again. */
    private Optional<Refusal> nonceOrExpiry(long nonce, Set<Long> seen, boolean expired) {
        String whose = " sender=" + payment.sender().checksummed() + " nonce=" + nonce;
        if (seen.contains(nonce)) {
            return no(Reason.PAYMENT_NONCE, "invalid ticket senderNonce: already seen" + whose);
        }
        if (seen.size() >= TicketPayer.MAX_NONCES) {
            return no(Reason.PAYMENT_NONCE, "invalid ticket senderNonce: too many values" + whose);
        }
        seen.add(nonce);
        if (expired) {
            return no(Reason.PAYMENT_EXPIRED, "TicketParams expired");
        }
        entries.add(new TicketReceived(params.recipientRandHash(), nonce, params.expirationBlock()));
        return Optional.empty();
    }

    /** What is to be written. */
    List<LedgerEntry> entries() {
        return entries;
    }

    /** What is credited for them, in wei. */
    Rational credit() {
        return credit;
    }

    /** How many won. */
    int winners() {
        return (int) entries.stream().filter(TicketWon.class::isInstance).count();
    }

    /** Whether anything is credited. */
    boolean credits() {
        return credit.signum() > 0;
    }

    /** What is wrong with a ticket; the last one that something is wrong with counts. */
    Optional<Refusal> refusal() {
        return refusal;
    }

    private static Optional<Refusal> no(Reason reason, String message) {
        return Optional.of(new Refusal(reason, message));
    }
}
