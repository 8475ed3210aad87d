package io.millrace.kernel.payment;

import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.Notice;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Registration;
import io.millrace.kernel.Role;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Redeems the tickets that orchestrators hand to this node. Whoever reaches the node may hand one over, so that it is
 * checked as far as it can be before it is kept, which go-livepeer's redeemer leaves to the contract: a ticket that would
 * be refused there would wait in vain, and there is room for so many only. Thread-safe.
 */
public class LocalRedeemer implements Redeemer, Role {

    /** Tickets of one sender that wait at most. */
    static final int MAX_PER_SENDER = 1000;

    /** Tickets that wait at most: as many as {@link Redemptions} looks at. */
    static final int MAX_WAITING = Redemptions.MOST;

    /** From so many on the rest of the room is for tickets that pay for their gas, which nobody makes for nothing. */
    static final int MAX_OF_ANY_WORTH = MAX_WAITING / 2;

    /** Measured on the published contracts: a redemption takes 182,000 to 260,000. */
    private static final BigInteger LEAST_GAS = BigInteger.valueOf(180_000);

    /**
     * Blocks from now at which terms may end at most. Terms hold for 40; of those that end later nothing would be
     * redeemed until then.
     */
    private static final long MAX_AHEAD = 1000;

    private static final int SIGNATURE = 65;

    /** How long the operator is told that a ticket was refused because too many wait. */
    private static final Duration SHOWN = Duration.ofMinutes(10);

    private final MoneyPorts ports;
    private final Redemptions redemptions;
    private final Map<Registration, Watch> watches = new ConcurrentHashMap<>();
    private volatile Instant lastFull = Instant.MIN;

    private record Watch(Address sender, Runnable changed) {}

    /** Redeems by these ports the tickets of the orchestrator that the wallet works for. */
    public LocalRedeemer(MoneyPorts ports, Supplier<Redemptions.GasPolicy> gas) {
        this.ports = ports;
        this.redemptions = new Redemptions(ports, gas, this::changed);
    }

    @Override
    public Optional<Refused> take(WinningTicket ticket, Deadline deadline) {
        Optional<Refused> no = wrongRecipient(ticket, deadline)
                .or(() -> malformed(ticket))
                .or(() -> unsigned(ticket, deadline))
                .or(() -> untimely(ticket, deadline))
                .or(() -> full(ticket, deadline));
        if (no.isEmpty()) {
            // one that is there already changes nothing, so that an answer that got lost costs nothing
            ports.ledger(deadline, ledger ->
                    ledger.append(ports.clock().instant(), List.of(new TicketWon(ticket))));
        }
        return no;
    }

    private Optional<Refused> wrongRecipient(WinningTicket ticket, Deadline deadline) {
        Address recipient = ticket.ticket().params().recipient();
        Address own = recipient(deadline);
        return recipient.equals(own)
                ? Optional.empty()
                : Optional.of(new Refused(
                        Reason.RECIPIENT,
                        "invalid ticket recipient " + recipient + ", expected " + own.checksummed()));
    }

    private Address recipient(Deadline deadline) {
        return ports.wallet(deadline, wallet -> wallet.orchestrator());
    }

    /** What can be said of a ticket without asking anybody. */
    private static Optional<Refused> malformed(WinningTicket ticket) {
        try {
            ticket.hash();
        } catch (IllegalArgumentException e) {
            return no("invalid ticket: " + e.getMessage());
        }
        if (ticket.ticket().sender().equals(Address.NONE)) {
            return no("invalid ticket sender: it is zero");
        }
        if (ticket.ticket().auxData().isEmpty()) {
            return no("invalid ticket: it names no round that it was created in");
        }
        Bytes rand = ticket.recipientRand();
        if (!RecipientRandom.hash(rand).equals(ticket.ticket().params().recipientRandHash())) {
            return no("invalid recipientRand for ticket recipientRandHash");
        }
        return ticket.ticket().wins(ticket.signature(), rand) ? Optional.empty() : no("the ticket did not win");
    }

    private Optional<Refused> unsigned(WinningTicket ticket, Deadline deadline) {
        boolean signed = ticket.signature().size() == SIGNATURE
                && ports.wallet(
                        deadline,
                        wallet -> wallet.verify(ticket.ticket().sender(), ticket.hash(), ticket.signature()));
        return signed ? Optional.empty() : no("invalid ticket signature");
    }

    /**
     * Whether it is of a time in which the contract takes it. While the chain cannot be asked, tickets are kept all the
     * same: go-livepeer's orchestrator hands each over once and then forgets it.
     */
    private Optional<Refused> untimely(WinningTicket ticket, Deadline deadline) {
        ChainState state;
        Optional<Settlement.Redemption.Refused> objection;
        try {
            state = ports.settlement(deadline, chain -> chain.state(deadline));
            objection = ports.settlement(deadline, chain -> chain.objection(ticket, deadline));
        } catch (Fault e) {
            return Optional.empty();
        }
        BigInteger latest = BigInteger.valueOf(state.l1Block() + MAX_AHEAD);
        if (ticket.ticket().params().expirationBlock().compareTo(latest) > 0) {
            return no("its terms end more than " + MAX_AHEAD + " blocks from now");
        }
        long round = ticket.ticket().params().creationRound();
        // the next one may have begun where the orchestrator looks
        if (round < 0 || round > state.round() + 1) {
            return no("it was created in round " + Long.toUnsignedString(round) + ", and this is round " + state.round());
        }
        Bytes hash = round == state.round() ? state.roundBlockHash() : state.previousRoundBlockHash();
        if (round >= state.round() - 1
                && round <= state.round()
                && !hash.equals(ticket.ticket().params().creationRoundBlockHash())) {
            return no("ticket creationRoundBlockHash invalid for creationRound");
        }
        return objection
                .filter(refused -> refused.reason() == Settlement.Redemption.Reason.EXPIRED
                        || refused.reason() == Settlement.Redemption.Reason.INVALID)
                .flatMap(refused -> no(refused.message()));
    }

    private Optional<Refused> full(WinningTicket ticket, Deadline deadline) {
        Address sender = ticket.ticket().sender();
        int ofSender = ports.ledger(deadline, ledger -> ledger.waiting(Optional.of(sender)));
        if (ofSender >= MAX_PER_SENDER) {
            return full(MAX_PER_SENDER + " tickets of " + sender.checksummed() + " wait to be redeemed");
        }
        int all = ports.ledger(deadline, ledger -> ledger.waiting(Optional.empty()));
        if (all >= MAX_WAITING) {
            return full(MAX_WAITING + " tickets wait to be redeemed");
        }
        return all < MAX_OF_ANY_WORTH || paysForItsGas(ticket, deadline)
                ? Optional.empty()
                : full(all + " tickets wait to be redeemed, and this one does not pay for its gas");
    }

    private boolean paysForItsGas(WinningTicket ticket, Deadline deadline) {
        Address sender = ticket.ticket().sender();
        try {
            BigInteger gasPrice =
                    ports.settlement(deadline, chain -> chain.state(deadline)).gasPrice().amount();
            SenderFunds funds = ports.settlement(deadline, chain -> chain.funds(sender, Address.NONE, deadline));
            BigInteger most = ticket.ticket()
                    .params()
                    .faceValue()
                    .min(funds.deposit().plus(funds.reserve()).amount());
            return most.compareTo(gasPrice.multiply(LEAST_GAS)) > 0;
        } catch (Fault e) {
            return false;
        }
    }

    private Optional<Refused> full(String message) {
        lastFull = ports.clock().instant();
        return Optional.of(new Refused(Reason.FULL, message));
    }

    private static Optional<Refused> no(String message) {
        return Optional.of(new Refused(Reason.TICKET, message));
    }

    @Override
    public BigInteger maxFloat(Address sender, Deadline deadline) {
        Address recipient = recipient(deadline);
        ChainState state = ports.settlement(deadline, chain -> chain.state(deadline));
        SenderFunds funds = ports.settlement(deadline, chain -> chain.funds(sender, recipient, deadline));
        return TicketPolicy.maxFloat(
                state, funds, ports.ledger(deadline, ledger -> Redemptions.pending(ledger, sender)));
    }

    @Override
    public Registration watch(Address sender, Runnable changed) {
        Registration registration = new Registration() {
            @Override
            public void close() {
                watches.remove(this);
            }
        };
        watches.put(registration, new Watch(sender, changed));
        return registration;
    }

    private void changed(Address sender) {
        watches.values().stream().filter(watch -> watch.sender().equals(sender)).forEach(watch -> watch.changed().run());
    }

    /** What is heard of the chain. With a new round nothing of a reserve is claimed, and the pool may be another. */
    public void heard(Notice notice) {
        redemptions.heard(notice);
        switch (notice) {
            case Notice.FundsChanged funds -> changed(funds.sender());
            case Notice.NewRound round -> watches.values().forEach(watch -> watch.changed().run());
            case Notice.NewBlock block -> {
                // changes nobody's funds
            }
        }
    }

    /** Begins what is due; it returns before it is done. To be called every few seconds. Throws nothing. */
    public void look() {
        redemptions.look();
    }

    /** Whether anything is being redeemed. */
    boolean isWorking() {
        return redemptions.isWorking();
    }

    /** Begins nothing more. What has begun is found in the ledger at the next start. */
    public void close() {
        redemptions.close();
    }

    @Override
    public Kind kind() {
        return Kind.REDEEMER;
    }

    @Override
    public List<String> obstacles() {
        return ports.obstacle().map(what -> "tickets cannot be redeemed, for " + what).stream().toList();
    }

    @Override
    public List<String> cautions() {
        List<String> cautions = new ArrayList<>(Role.near(spendLimits()));
        redemptions.caution().ifPresent(cautions::add);
        if (lastFull.isAfter(ports.clock().instant().minus(SHOWN))) {
            cautions.add("tickets were refused because too many wait: see why they wait at /money, and that only your"
                    + " orchestrators reach this node");
        }
        return cautions;
    }

    @Override
    public List<SpendLimit> spendLimits() {
        return redemptions.limits();
    }

    /** What waits is in the ledger. */
    @Override
    public boolean drain(Deadline deadline) {
        return true;
    }
}
