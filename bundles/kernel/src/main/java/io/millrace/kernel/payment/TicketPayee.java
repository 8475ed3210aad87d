package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.Balance;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Closed;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.Pinned;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import io.millrace.kernel.event.KernelEvents;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Is paid with probabilistic tickets (go-livepeer: core/orchestrator.go, ProcessPayment; pm/recipient.go,
 * ReceiveTicket; the order of the checks and their texts are its). Unlike go-livepeer, a payment without tickets does
 * not make a session free, and work is debited by the price that is pinned, not by the one that the sender names.
 *
 * <p>It holds no lock: that a nonce counts once is the ledger's to refuse.
 */
public final class TicketPayee implements Payee {

    /** After so long without a change a balance is void (go-livepeer: core/accounting.go, its ttl). */
    static final Duration IDLE = Duration.ofMinutes(10);

    /** Most tickets that are looked at in one payment; the nonces of its terms allow fewer. */
    static final int MAX_TICKETS = 1000;

    /** How long one call may wait for wallet, ledger and chain together. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Balances closed in one sweep. */
    private static final int MANY = 1000;

    /** A balance that is kept by capability and model; a session's has no such name. */
    private static final Pattern OF_WORK = Pattern.compile("\\d+_.+", Pattern.DOTALL);

    private static final System.Logger LOG = System.getLogger(TicketPayee.class.getName());

    /** What the network says to a sender for whom no terms can be made, whatever the cause (pm/recipient.go). */
    private static final String TOO_LITTLE = "insufficient sender reserve";

    private static final String PINNED = "the price is the one that this session began with";

    private final MoneyPorts ports;
    private final PriceList prices;
    private final Supplier<TicketPolicy> policies;
    private final RecipientRandom random;
    private final TicketTerms terms;
    private final Bookings bookings;
    private final RemoteRedemptions redeemers;
    private final ExpiredTerms expiredTerms = new ExpiredTerms();
    private volatile String lastObjection = "";

    /** Is paid to the orchestrator of the wallet that is there; {@code redeemers} knows who redeems elsewhere. */
    public TicketPayee(
            MoneyPorts ports,
            PriceList prices,
            Supplier<TicketPolicy> policies,
            RecipientRandom random,
            RemoteRedemptions redeemers) {
        this.ports = ports;
        this.prices = prices;
        this.policies = policies;
        this.random = random;
        this.redeemers = redeemers;
        this.terms = new TicketTerms(random);
        this.bookings = new Bookings(ports);
    }

    @Override
    public Optional<String> obstacle() {
        return ports.obstacle().or(prices::obstacle);
    }

    private record Seen(ChainState state, SenderFunds funds, boolean active) {}

    @Override
    public Asked terms(JobSpec spec, Caller caller) {
        try {
            return terms(spec, caller, patience());
        } catch (Fault e) {
            return new Asked.No(new Refusal(Reason.UNAVAILABLE, e.getMessage()));
        }
    }

    private Asked terms(JobSpec spec, Caller caller, Deadline deadline) {
        Address sender = caller.address();
        Address recipient = ports.wallet(deadline, wallet -> wallet.orchestrator());
        Seen seen = seen(sender, recipient, recipient, deadline);
        Optional<Price> pinned = ports.ledger(deadline, ledger -> pinned(ledger, sender, spec, caller));
        TicketPolicy policy = policies.get();
        BigInteger maxFloat = maxFloat(sender, seen, deadline);
        Optional<BigInteger> faceValue = policy.faceValue(seen.state().gasPrice(), maxFloat);
        PriceList.Listed listed = pinned.map(price -> new PriceList.Listed(price, List.of(PINNED)))
                .orElseGet(() -> faceValue.isPresent() ? prices.price(sender, spec) : prices.known(sender, spec));
        Price base = listed.price();
        if (!base.isFree() && faceValue.isEmpty()) {
            Optional<String> own = policy.objection(seen.state().gasPrice());
            own.ifPresent(this::warn);
            return new Asked.No(
                    new Refusal(Reason.PAYMENT_RESERVE, TOO_LITTLE),
                    own.orElse("of the gateway's reserve this orchestrator can be sure of " + maxFloat.max(BigInteger.ZERO)
                            + " wei, less than a winning ticket has to pay"));
        }
        if (!base.isFree() && !seen.active()) {
            // who is not active has no part of any reserve, and the network says that of the sender
            String cause = inactive(recipient, seen.state()).message() + "; it is from the round after its registration on";
            warn(cause);
            return new Asked.No(new Refusal(Reason.PAYMENT_INACTIVE, TOO_LITTLE), cause);
        }
        BigInteger value = base.isFree() ? BigInteger.ZERO : faceValue.get();
        Price price = pinned.orElseGet(() -> policy.adjusted(base, value, seen.state().gasPrice()));
        String work = work(spec, caller.balance());
        TicketParams params = terms.make(policy, recipient, sender, price, value, seen.state(), work);
        Map<Integer, Map<String, Price>> others = spec.needs().isEmpty() ? prices.prices(sender) : Map.of();
        List<String> reasons = new ArrayList<>(listed.reasons());
        if (pinned.isEmpty()) {
            reasons.add(policy.adjustment(base, value, seen.state().gasPrice(), maxFloat));
        }
        return new Asked.Of(new Terms(Optional.of(price), others, Optional.of(params), Optional.of(base), reasons));
    }

    /** A redeemer knows what it is redeeming. Of a sender that has nothing nobody needs to be asked. */
    private BigInteger maxFloat(Address sender, Seen seen, Deadline deadline) {
        if (seen.funds().reserve().equals(Wei.ZERO) && seen.funds().claimedInRound().equals(Wei.ZERO)) {
            return BigInteger.ZERO;
        }
        return redeemers.maxFloat(sender, deadline).orElseGet(() -> TicketPolicy.maxFloat(
                seen.state(),
                seen.funds(),
                ports.ledger(deadline, ledger -> Redemptions.pending(ledger, sender))));
    }

    /** Said once for as long as it is the same. */
    private void warn(String objection) {
        if (!objection.equals(lastObjection)) {
            lastObjection = objection;
            LOG.log(System.Logger.Level.WARNING, "No offers are made: " + objection);
        }
    }

    @Override
    public Optional<Refusal> receive(JobSpec spec, BalanceId balance, Payment payment) {
        Receipt receipt = take(spec, BalanceKey.received(payment.sender(), balance), payment);
        if (!payment.tickets().isEmpty() || receipt.refusal().isPresent()) {
            ports.events().happened(new KernelEvents.PaymentReceived(
                    payment.sender(),
                    payment.tickets().size(),
                    receipt.credit(),
                    receipt.winners(),
                    receipt.refusal().map(refusal -> refusal.reason().name())));
        }
        return receipt.refusal();
    }

    /** What became of a payment: what was credited for it, how many tickets won, why the work is not begun. */
    private record Receipt(Rational credit, int winners, Optional<Refusal> refusal) {

        private static final Receipt NONE = new Receipt(Rational.ZERO, 0, Optional.empty());

        private static Receipt no(Refusal why) {
            return new Receipt(Rational.ZERO, 0, Optional.of(why));
        }
    }

    private Receipt take(JobSpec spec, BalanceKey key, Payment payment) {
        try {
            Deadline deadline = patience();
            bookings.write(deadline);
            Receipt receipt = payment.params().isEmpty()
                    ? Receipt.NONE
                    : takeTickets(key, payment, payment.params().get(), work(spec, Optional.of(key.balance())), deadline);
            return receipt.refusal().isPresent()
                    ? receipt
                    : new Receipt(receipt.credit(), receipt.winners(), lacking(spec, key, deadline));
        } catch (Fault e) {
            return Receipt.no(new Refusal(Reason.UNAVAILABLE, e.getMessage()));
        }
    }

    private Receipt takeTickets(
            BalanceKey key, Payment payment, TicketParams params, String work, Deadline deadline) {
        Address sender = payment.sender();
        if (sender.equals(Address.NONE)) {
            return refused(Reason.PAYMENT, "Could not find Sender for payment");
        }
        if (payment.tickets().size() > MAX_TICKETS) {
            return refused(Reason.PAYMENT, "a payment has at most " + MAX_TICKETS + " tickets");
        }
        Address own = ports.wallet(deadline, wallet -> wallet.orchestrator());
        Seen seen = seen(sender, own, params.recipient(), deadline);
        if (!seen.active()) {
            return Receipt.no(inactive(params.recipient(), seen.state()));
        }
        if (payment.expectedPrice().isEmpty()) {
            return refused(Reason.PAYMENT_PRICE, "invalid expected price sent with payment err=\"expected price is nil\"");
        }
        if (payment.tickets().isEmpty()) {
            return Receipt.NONE;
        }
        Price price = payment.expectedPrice().get();
        TicketCheck check = new TicketCheck(payment, params, random, own, work);
        Optional<Refusal> fatal = check.fatal(seen.state(), seen.funds(), price);
        if (fatal.isPresent()) {
            return Receipt.no(fatal.get());
        }
        List<Boolean> signed = ports.wallet(deadline, check::signatures);
        return receive(key, price, check, signed, seen.state(), deadline);
    }

    /** Writes what the tickets are worth; again from the beginning when the ledger has changed meanwhile. */
    private Receipt receive(
            BalanceKey key, Price price, TicketCheck check, List<Boolean> signed, ChainState state, Deadline deadline) {
        while (!deadline.expired(ports.clock())) {
            Optional<Balance> balance = ports.ledger(deadline, ledger -> live(ledger, key));
            Optional<Price> pinned = balance.flatMap(Balance::pinnedPrice);
            if (pinned.isPresent() && !pinned.get().perUnit().equals(price.perUnit())) {
                return refused(
                        Reason.PAYMENT_PRICE,
                        "the price of this session is " + pinned.get().perUnit() + " wei per unit, not "
                                + price.perUnit());
            }
            boolean written = ports.ledger(deadline, ledger -> {
                check.judge(key, signed, ledger.nonces(check.recipientRandHash()).received(), state.l1Block());
                List<LedgerEntry> entries = new ArrayList<>(check.entries());
                if (check.credits() && pinned.isEmpty()) {
                    entries.add(new Pinned(key, price));
                }
                expiredTerms.due(state.l1Block()).ifPresent(entries::add);
                return entries.isEmpty() || ledger.append(ports.clock().instant(), entries);
            });
            if (written) {
                return new Receipt(check.credit(), check.winners(), check.refusal());
            }
        }
        throw new Fault(Consequence.RETRY_HERE, "too many payments to the same balance at once");
    }

    /** Work for which something is asked begins with a balance of at least one ticket (SufficientBalance). */
    private Optional<Refusal> lacking(JobSpec spec, BalanceKey key, Deadline deadline) {
        return ports.ledger(deadline, ledger -> {
            Optional<Balance> balance = live(ledger, key);
            Price price = balance.flatMap(Balance::pinnedPrice).orElseGet(() -> prices.known(key.peer(), spec).price());
            Rational amount = balance.map(Balance::amount).orElse(Rational.ZERO);
            return price.isFree() || amount.compareTo(policies.get().expectedValue().toRational()) >= 0
                    ? Optional.empty()
                    : no(Reason.PAYMENT_BALANCE, "Insufficient balance");
        });
    }

    @Override
    public void debit(JobSpec spec, BalanceId balance, Payment payment, long units) {
        BalanceKey key = BalanceKey.received(payment.sender(), balance);
        bookings.book(ledger -> {
            // A job may take longer than its balance lives: its tickets were made for the expected price. Without a
            // pinned price and without tickets it was begun because it was free.
            Price price = ledger.balance(key)
                    .flatMap(Balance::pinnedPrice)
                    .or(() -> payment.params().flatMap(params -> payment.expectedPrice()))
                    .orElse(Price.ZERO);
            return price.isFree() ? List.of() : List.of(new Debited(key, price.of(BigInteger.valueOf(units))));
        });
    }

    /**
     * Ends the balances that have been idle for ten minutes, so that they take no room. To be called about once a
     * minute; a balance that is used again after that time is void in any case.
     *
     * @throws Fault when the ledger cannot be used now
     */
    public void closeIdle() {
        Instant before = ports.clock().instant().minus(IDLE);
        ports.ledger(patience(), ledger -> {
            for (BalanceKey key : ledger.idle(Side.RECEIVED, before, MANY)) {
                ledger.balance(key)
                        .filter(balance -> balance.lastChange().isBefore(before))
                        .ifPresent(balance -> ledger.append(
                                ports.clock().instant(), List.of(new Closed(key, balance.lastChange()))));
            }
            return null;
        });
    }

    /** A balance that has been idle for too long is closed before anything is added to it. */
    private Optional<Balance> live(Ledger ledger, BalanceKey key) {
        Instant now = ports.clock().instant();
        Optional<Balance> balance = ledger.balance(key);
        while (balance.isPresent() && isIdle(balance.get(), now)) {
            ledger.append(now, List.of(new Closed(key, balance.get().lastChange())));
            balance = ledger.balance(key);
        }
        return balance;
    }

    private static boolean isIdle(Balance balance, Instant now) {
        return balance.lastChange().isBefore(now.minus(IDLE));
    }

    private Optional<Price> pinned(Ledger ledger, Address sender, JobSpec spec, Caller caller) {
        Instant now = ports.clock().instant();
        return caller.balance()
                .or(() -> balanceOf(spec))
                .flatMap(id -> ledger.balance(BalanceKey.received(sender, id)))
                .filter(live -> !isIdle(live, now))
                .flatMap(Balance::pinnedPrice);
    }

    /** A request's balance is kept by capability and model. A name that is too long for one has none. */
    private static Optional<BalanceId> balanceOf(JobSpec spec) {
        try {
            return spec.capability().isPresent()
                    ? Optional.of(BalanceId.of(spec.capability().getAsInt(), spec.model()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** For what terms are: work that has a price of its own, by the name of its balance; nothing for transcoding. */
    private static String work(JobSpec spec, Optional<BalanceId> balance) {
        return balanceOf(spec)
                .or(() -> balance.filter(id -> OF_WORK.matcher(id.value()).matches()))
                .map(BalanceId::value)
                .orElse("");
    }

    private Seen seen(Address sender, Address claimant, Address recipient, Deadline deadline) {
        return ports.settlement(
                deadline,
                chain -> new Seen(
                        chain.state(deadline),
                        chain.funds(sender, claimant, deadline),
                        chain.isActive(recipient, deadline)));
    }

    private static Refusal inactive(Address recipient, ChainState state) {
        return new Refusal(
                Reason.PAYMENT_INACTIVE,
                "orchestrator " + recipient.checksummed() + " is inactive in round " + state.round()
                        + ", cannot process payments");
    }

    private Deadline patience() {
        return Deadline.in(PATIENCE, ports.clock());
    }

    private static Receipt refused(Reason reason, String message) {
        return Receipt.no(new Refusal(reason, message));
    }

    private static Optional<Refusal> no(Reason reason, String message) {
        return Optional.of(new Refusal(reason, message));
    }
}
