package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.Balance;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Closed;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.Pinned;
import io.millrace.api.payment.LedgerEntry.SetAside;
import io.millrace.api.payment.LedgerEntry.TicketsSent;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Payer.Declined.Reason;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.kernel.event.KernelEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Pays orchestrators with probabilistic tickets: credit that is left from earlier tickets is used first (go-livepeer:
 * server/segment_rpc.go, genPayment and newBalanceUpdate; core/accounting.go, StageUpdate).
 *
 * <p>It holds no lock: what must happen once, setting a balance aside and giving out a nonce, is an append that the
 * ledger refuses the second time. While one job of a balance is under way the balance is zero for the others.
 */
public final class TicketPayer implements Payer {

    /**
     * After so long without a change a balance is void: an orchestrator forgets it after ten minutes, so that credit
     * which it has forgotten is never counted on.
     */
    static final Duration IDLE = TicketPayee.IDLE.minusMinutes(1);

    /** Nonces that an orchestrator takes for one {@code recipientRandHash} (go-livepeer: maxSenderNonces). */
    static final int MAX_NONCES = 600;

    /** Of the price a session began with; above it the orchestrator is left (priceIncreaseThreshold). */
    private static final Rational MAX_INCREASE = Rational.of(2, 1);

    private final MoneyPorts ports;
    private final Supplier<SenderLimits> limits;
    private final Bookings bookings;
    private final Spending spending;
    private final ExpiredTerms expiredTerms = new ExpiredTerms();

    /** Pays from the account of the wallet that is there. */
    public TicketPayer(MoneyPorts ports, Supplier<SenderLimits> limits) {
        this.ports = ports;
        this.limits = limits;
        this.bookings = new Bookings(ports);
        this.spending = Spending.inTickets(ports);
    }

    @Override
    public Optional<String> obstacle() {
        return ports.obstacle();
    }

    @Override
    public List<SpendLimit> limits() {
        return spending.state(limits.get().spending());
    }

    @Override
    public Staging stage(Request request, Deadline deadline) {
        Staging staging = prepare(request, deadline);
        Address recipient =
                request.offer().ticketParams().map(TicketParams::recipient).orElse(Address.NONE);
        ports.events().happened(switch (staging) {
            case Declined declined -> new KernelEvents.PaymentStaged(
                    recipient, 0, Rational.ZERO, Optional.of(declined.message()));
            case Spend spend -> {
                int tickets = spend.payment().tickets().size();
                Rational each = spend.payment().params().map(Ticket::expectedValue).orElse(Rational.ZERO);
                yield new KernelEvents.PaymentStaged(
                        recipient, tickets, each.times(Rational.of(tickets, 1)), Optional.empty());
            }
        });
        return staging;
    }

    private Staging prepare(Request request, Deadline deadline) {
        Optional<Price> price = request.offer().price();
        if (price.isEmpty()) {
            return new Declined(Reason.PRICE, "missing orchestrator price");
        }
        Optional<Price> max = request.maxPrice();
        if (max.isPresent() && price.get().perUnit().compareTo(max.get().perUnit()) > 0) {
            return new Declined(
                    Reason.PRICE, "the price of " + price.get() + " is over the maximum of " + max.get());
        }
        if (request.offer().ticketParams().isEmpty()) {
            return new Declined(Reason.TERMS, "ticketParams is nil");
        }
        try {
            return stage(request, price.get(), request.offer().ticketParams().get(), deadline);
        } catch (Fault e) {
            return new Declined(Reason.UNAVAILABLE, e.getMessage());
        }
    }

    private record Seen(ChainState state, SenderFunds funds) {}

    /** What was set aside: {@code existing} from before and {@code count} new tickets from {@code first} on. */
    private record Share(Rational existing, long first, int count, Rational fresh) {}

    private Staging stage(Request request, Price price, TicketParams offered, Deadline deadline) {
        Address sender = ports.wallet(deadline, wallet -> wallet.address());
        Seen seen = ports.settlement(
                deadline,
                chain -> new Seen(chain.state(deadline), chain.funds(sender, Address.NONE, deadline)));
        Optional<Declined> objection = limits.get().objection(offered, 1, seen.state(), seen.funds());
        if (objection.isPresent()) {
            return objection.get();
        }
        bookings.write(deadline);
        spending.load(limits.get().spending(), deadline);
        TicketParams params = dated(offered, seen.state());
        if (!canBeHashed(sender, params)) {
            return new Declined(Reason.TERMS, "the numbers of the ticket params are not those of a ticket");
        }
        BalanceKey key = BalanceKey.paid(params.recipient(), request.balance());
        Rational fee = price.of(request.units());
        while (true) {
            Reserving reserving = ports.ledger(deadline, ledger -> reserve(ledger, key, params, price, fee, seen));
            switch (reserving) {
                case Reserving.No no -> {
                    return no.declined();
                }
                case Reserving.Done done -> {
                    return signed(sender, params, key, done.share(), price, fee, deadline);
                }
                case Reserving.Again again -> giveUpAt(deadline);
            }
        }
    }

    private sealed interface Reserving {
        record No(Declined declined) implements Reserving {}

        record Done(Share share) implements Reserving {}

        /** Another job of the same balance was faster. */
        record Again() implements Reserving {}
    }

    private Reserving reserve(
            Ledger ledger, BalanceKey key, TicketParams params, Price price, Rational fee, Seen seen) {
        Instant now = ports.clock().instant();
        List<LedgerEntry> entries = new ArrayList<>();
        Optional<Balance> balance = ledger.balance(key);
        if (balance.isPresent() && balance.get().lastChange().isBefore(now.minus(IDLE))) {
            entries.add(new Closed(key, balance.get().lastChange()));
            balance = Optional.empty();
        }
        Optional<Price> pinned = balance.flatMap(Balance::pinnedPrice);
        if (pinned.isPresent() && hasDoubled(price, pinned.get())) {
            return new Reserving.No(new Declined(
                    Reason.PRICE,
                    "Orchestrator price has more than doubled, Orchestrator price: " + price.perUnit()
                            + ", Orchestrator initial price: " + pinned.get().perUnit()));
        }
        if (pinned.isEmpty()) {
            entries.add(new Pinned(key, price));
        }
        Rational existing = balance.map(Balance::amount).orElse(Rational.ZERO);
        Rational value = Ticket.expectedValue(params);
        Rational wanted = fee.compareTo(value) < 0 ? value : fee;
        Rational gap = wanted.minus(existing);
        Rational count = gap.signum() <= 0 || value.signum() <= 0
                ? Rational.ZERO
                : Rational.of(gap.dividedBy(value).ceiling());
        long first = ledger.nonces(params.recipientRandHash()).lastSent() + 1;
        Optional<Declined> objection = tooMany(params, count, first, seen);
        if (objection.isPresent()) {
            return new Reserving.No(objection.get());
        }
        Share share = new Share(existing, first, count.numerator().intValueExact(), value.times(count));
        if (share.count() > 0 || existing.signum() != 0) {
            entries.add(new SetAside(key, existing));
        }
        if (share.count() > 0) {
            entries.add(new TicketsSent(
                    key, params.recipientRandHash(), first, share.count(), share.fresh(), params.expirationBlock()));
        }
        expiredTerms.due(seen.state().l1Block()).ifPresent(entries::add);
        try {
            return append(ledger, now, entries, share, params.recipient());
        } catch (Spending.Reached e) {
            return new Reserving.No(
                    new Declined(e.ofPeer() ? Reason.PEER_LIMIT : Reason.SPEND_LIMIT, e.getMessage()));
        }
    }

    /** What is promised counts before it is written, and no more when it was not. */
    private Reserving append(Ledger ledger, Instant now, List<LedgerEntry> entries, Share share, Address recipient)
            throws Spending.Reached {
        if (share.count() == 0) {
            return entries.isEmpty() || ledger.append(now, entries) ? new Reserving.Done(share) : new Reserving.Again();
        }
        Spending.Taken taken = spending.take(limits.get().spending(), Optional.of(recipient), share.fresh());
        boolean written = false;
        try {
            written = ledger.append(now, entries);
        } finally {
            if (!written) {
                spending.giveBack(taken);
            }
        }
        return written ? new Reserving.Done(share) : new Reserving.Again();
    }

    private Optional<Declined> tooMany(TicketParams params, Rational count, long first, Seen seen) {
        if (count.compareTo(Rational.of(MAX_NONCES, 1)) > 0) {
            return Optional.of(new Declined(
                    Reason.TERMS, count + " tickets would be needed, and an orchestrator takes " + MAX_NONCES));
        }
        int tickets = count.numerator().intValueExact();
        return limits.get().objection(params, tickets, seen.state(), seen.funds())
                .or(() -> first + tickets - 1 > MAX_NONCES
                        ? Optional.of(new Declined(
                                Reason.TERMS_EXPIRED, "all " + MAX_NONCES + " nonces of these terms are used"))
                        : Optional.empty());
    }

    private static boolean hasDoubled(Price price, Price initial) {
        return price.perUnit().compareTo(initial.perUnit().times(MAX_INCREASE)) > 0;
    }

    private void giveUpAt(Deadline deadline) {
        if (deadline.expired(ports.clock()) || Thread.currentThread().isInterrupted()) {
            throw new Fault(Consequence.RETRY_HERE, "too many jobs are paid from the same balance at once");
        }
    }

    private Staging signed(
            Address sender,
            TicketParams params,
            BalanceKey key,
            Share share,
            Price price,
            Rational fee,
            Deadline deadline) {
        List<Payment.Ticket> tickets;
        try {
            tickets = share.count() == 0 ? List.of() : sign(sender, params, share, deadline);
        } catch (RuntimeException e) {
            // the nonces are lost, the credit is not
            giveBack(key, share.existing());
            throw e;
        }
        Optional<TicketParams> terms = share.count() == 0 ? Optional.empty() : Optional.of(params);
        Payment payment = new Payment(sender, terms, tickets, Optional.of(price));
        return new TicketSpend(payment, outcome -> settle(key, share, price, fee, outcome));
    }

    private List<Payment.Ticket> sign(Address sender, TicketParams params, Share share, Deadline deadline) {
        List<Ticket> tickets = LongStream.range(share.first(), share.first() + share.count())
                .mapToObj(nonce -> new Ticket(sender, params, nonce))
                .toList();
        return ports.wallet(deadline, wallet -> {
            if (!wallet.address().equals(sender)) {
                throw new Fault(Consequence.RETRY_HERE, "the wallet was exchanged for one of another account");
            }
            return tickets.stream()
                    .map(ticket -> new Payment.Ticket(ticket.nonce(), wallet.sign(ticket.hash())))
                    .toList();
        });
    }

    private static boolean canBeHashed(Address sender, TicketParams params) {
        try {
            return !new Ticket(sender, params, 0).hash().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * go-livepeer: completeBalanceUpdate. When it is not known whether the orchestrator took the payment, that which
     * leaves less is booked: what was there before, or that and the new tickets less the estimated fee. The next
     * payment is then never too small.
     */
    private void settle(BalanceKey key, Share share, Price price, Rational fee, Settled outcome) {
        Rational all = share.existing().plus(share.fresh());
        switch (outcome) {
            case Settled.NotSent no -> giveBack(key, share.existing());
            case Settled.NotKnown no -> giveBack(key, lesser(share.existing(), all.minus(fee)));
            case Settled.Lost lost -> {
                // the orchestrator may have credited it; it is not counted on
            }
            case Settled.Used used -> bookings.book(
                    ledger -> List.of(new Credited(key, all), new Debited(key, price.of(used.units()))));
        }
    }

    private void giveBack(BalanceKey key, Rational amount) {
        if (amount.signum() != 0) {
            bookings.book(ledger -> List.of(new Credited(key, amount)));
        }
    }

    private static Rational lesser(Rational one, Rational other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Terms that do not say when they were made are of the round that was seen last (pm/sender.go). */
    private static TicketParams dated(TicketParams params, ChainState state) {
        Bytes hash = params.creationRoundBlockHash();
        boolean says = params.creationRound() != 0 && !hash.isEmpty() && !hash.equals(Bytes.wrap(new byte[hash.size()]));
        return says
                ? params
                : new TicketParams(
                        params.recipient(),
                        params.faceValue(),
                        params.winProbability(),
                        params.recipientRandHash(),
                        params.seed(),
                        params.expirationBlock(),
                        state.round(),
                        state.roundBlockHash());
    }
}
