package io.millrace.kernel.payment;

import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.GasSpent;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.Redemption;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.KernelEvents;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Redeems the winning tickets that the ledger keeps, from the start of the node on and whether their senders come back
 * or not. Each sender has a line of its own, the ticket that expires first at its head. A ticket that cannot be
 * redeemed now is passed by and tried again later, the longer the more often it failed, so that it holds up no other
 * and asks nothing of the chain meanwhile. Its secret number is revealed only once its terms have expired.
 *
 * <p>Several nodes may redeem from one ledger: the contract takes each ticket once. Thread-safe.
 */
public final class Redemptions {

    private static final System.Logger LOG = System.getLogger(Redemptions.class.getName());

    /** How long a redemption may take, from the first question to the receipt. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration QUESTION = Duration.ofSeconds(10);

    /** Pauses after a failure, doubled with each further one up to the longest. */
    private static final Map<Reason, Duration> PAUSES =
            Map.of(Reason.FUNDS, Duration.ofMinutes(10), Reason.NOT_NOW, Duration.ofSeconds(30));

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /** Redemptions at once; each waits for its receipt. */
    private static final int AT_ONCE = 8;

    /** Tickets that are looked at in one round, those that expire first. */
    static final int MOST = 10_000;

    /** Winners of one sender that are looked at to know what is being redeemed. */
    private static final int MANY = 1000;

    private final MoneyPorts ports;
    private final Consumer<Address> pendingChanged;
    private final Supplier<GasPolicy> gas;
    private final Spending spending;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /** Gas of tries whose end is not known: it counts until it is. */
    private final Map<Bytes, Spending.Taken> underWay = new ConcurrentHashMap<>();

    private final Set<Address> working = ConcurrentHashMap.newKeySet();
    private final Pauses pauses;
    private volatile String lastTrouble = "";
    private volatile String lastLimit = "";
    private volatile boolean closed;

    /**
     * What redeeming may cost.
     *
     * @param each units of gas that a redemption is reckoned with
     */
    public record GasPolicy(Spending.Limits limits, long each) {}

    /** Redeems what these ports' ledger keeps at their chain. */
    public Redemptions(MoneyPorts ports, Supplier<GasPolicy> gas) {
        this(ports, gas, sender -> {});
    }

    /** The same; {@code pendingChanged} is told of a sender when {@link #pending} of it is another than before. */
    Redemptions(MoneyPorts ports, Supplier<GasPolicy> gas, Consumer<Address> pendingChanged) {
        this.ports = ports;
        this.gas = gas;
        this.spending = Spending.inGas(ports);
        this.pendingChanged = pendingChanged;
        this.pauses = new Pauses(ports.clock(), LONGEST_PAUSE);
    }

    /** The limits of what gas may cost, and how they are used. Waits for nobody. */
    public List<SpendLimit> limits() {
        return spending.state(gas.get().limits());
    }

    /** Why winning tickets wait although nothing is wrong with them; empty when none does. */
    public Optional<String> caution() {
        String limit = lastLimit;
        return limit.isEmpty() ? Optional.empty() : Optional.of("winning tickets wait, and expire in time: " + limit);
    }

    /** The face values of a sender's tickets that are being redeemed. */
    static BigInteger pending(Ledger ledger, Address sender) {
        return ledger.winners(Optional.of(sender), MANY).stream()
                .filter(PendingWinner::inFlight)
                .map(winner -> winner.ticket().ticket().params().faceValue())
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** Begins what is due; it returns before it is done. To be called every few seconds. Throws nothing. */
    public void look() {
        try {
            Deadline deadline = Deadline.in(QUESTION, ports.clock());
            ChainState state = ports.settlement(deadline, chain -> chain.state(deadline));
            List<PendingWinner> winners =
                    ports.ledger(deadline, ledger -> ledger.due(BigInteger.valueOf(state.l1Block()), MOST));
            pauses.keep(winners);
            forget(winners);
            spending.load(gas.get().limits(), deadline);
            lastTrouble = "";
            if (state.roundInitialized()) {
                begin(winners, state.gasPrice());
            }
        } catch (Fault e) {
            trouble(e.getMessage());
        }
    }

    /** What no longer waits has ended in another way; nobody waits for the limit when nothing waits. */
    private void forget(List<PendingWinner> winners) {
        Set<Bytes> waiting = winners.stream().map(winner -> winner.ticket().hash()).collect(Collectors.toSet());
        underWay.keySet().stream().filter(hash -> !waiting.contains(hash)).forEach(hash -> {
            Spending.Taken taken = underWay.remove(hash);
            if (taken != null) {
                spending.giveBack(taken);
            }
        });
        if (waiting.isEmpty()) {
            lastLimit = "";
        }
    }

    private void begin(List<PendingWinner> winners, Wei gasPrice) {
        Map<Address, List<WinningTicket>> due = winners.stream()
                .map(PendingWinner::ticket)
                .filter(pauses::isOver)
                .collect(Collectors.groupingBy(ticket -> ticket.ticket().sender()));
        due.forEach((sender, tickets) -> {
            if (working.add(sender)) {
                Threads.virtual().name("redeem-" + sender).start(() -> redeem(sender, tickets, gasPrice));
            }
        });
    }

    /** One sender's tickets, one after the other. */
    private void redeem(Address sender, List<WinningTicket> tickets, Wei gasPrice) {
        try {
            for (WinningTicket ticket : tickets) {
                places.acquire();
                try {
                    if (closed) {
                        return;
                    }
                    redeem(ticket, takeGas(ticket, gasPrice));
                } finally {
                    places.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Spending.Reached e) {
            // all that are left wait, also in the next looks
            limited(e.getMessage());
        } catch (Fault e) {
            // the ledger or the chain cannot be used; the next look tries again
            trouble(e.getMessage());
        } finally {
            working.remove(sender);
        }
    }

    private void redeem(WinningTicket ticket, Spending.Taken gasTaken) {
        Optional<Rational> spent = Optional.empty();
        try {
            spent = story(ticket);
        } finally {
            spent.ifPresentOrElse(
                    cost -> spending.settle(gasTaken, cost), () -> underWay.put(ticket.hash(), gasTaken));
        }
    }

    private Spending.Taken takeGas(WinningTicket ticket, Wei gasPrice) throws Spending.Reached {
        Spending.Taken before = underWay.remove(ticket.hash());
        if (before != null) {
            return before;
        }
        GasPolicy policy = gas.get();
        BigInteger cost = gasPrice.amount().multiply(BigInteger.valueOf(policy.each()));
        Spending.Taken taken = spending.take(policy.limits(), Optional.empty(), Rational.of(cost));
        lastLimit = "";
        return taken;
    }

    /**
     * The story of one try: it is written before it begins, and its end is written. Tells what its gas cost; empty while
     * its transaction may still be taken into a block.
     */
    private Optional<Rational> story(WinningTicket ticket) {
        Bytes hash = ticket.hash();
        Deadline deadline = Deadline.in(PATIENCE, ports.clock());
        Address sender = ticket.ticket().sender();
        if (!write(deadline, new RedemptionBegun(hash))) {
            return Optional.of(Rational.ZERO);
        }
        pendingChanged.accept(sender);
        try {
            return end(ticket, hash, deadline);
        } finally {
            pendingChanged.accept(sender);
        }
    }

    private Optional<Rational> end(WinningTicket ticket, Bytes hash, Deadline deadline) {
        Redemption end;
        try {
            end = ports.redeem(ticket, deadline);
            if (end instanceof Refused refused && refused.reason() == Reason.USED) {
                // by this node before a restart, or by another one: the books get what was paid
                end = ports.settled(ticket, deadline).<Redemption>map(paid -> paid).orElse(refused);
            }
        } catch (Fault e) {
            write(patience(), new RedemptionFailed(hash, e.getMessage()));
            throw e;
        }
        return switch (end) {
            case Paid paid -> {
                write(patience(), spent(paid.transaction(), paid.gasCost()), new Redeemed(hash, paid.transaction(), paid.amount()));
                tell(ticket, paid.amount(), Optional.empty());
                yield Optional.of(paid.gasCost().toRational());
            }
            case Refused refused -> {
                boolean over = refused.reason().isFinal();
                write(
                        patience(),
                        refused.failed().flatMap(failed -> spent(failed.transaction(), failed.gasCost())),
                        over ? new Abandoned(hash, refused.message()) : new RedemptionFailed(hash, refused.message()));
                tell(ticket, Wei.ZERO, Optional.of((over ? "given up: " : "") + refused.message()));
                if (!over) {
                    pause(ticket, refused.reason(), refused.message());
                }
                yield Optional.of(refused.failed().map(failed -> failed.gasCost().toRational()).orElse(Rational.ZERO));
            }
            case Redemption.NotKnown unknown -> {
                pause(ticket, Reason.NOT_NOW, unknown.message());
                // the next try waits for the same transaction
                yield Optional.empty();
            }
        };
    }

    private static Optional<LedgerEntry> spent(Bytes transaction, Wei cost) {
        return cost.equals(Wei.ZERO) ? Optional.empty() : Optional.of(new GasSpent(transaction, cost));
    }

    private void tell(WinningTicket ticket, Wei paid, Optional<String> error) {
        ports.events().happened(new KernelEvents.TicketRedeemed(ticket.ticket().sender(), paid, error));
    }

    private void pause(WinningTicket ticket, Reason reason, String message) {
        pauses.begin(ticket, reason, PAUSES.getOrDefault(reason, SHORTEST_PAUSE));
        LOG.log(Level.DEBUG, "A winning ticket of " + ticket.ticket().sender() + " waits: " + message);
    }

    /** What is heard of the chain: when funds of a sender have changed, what waits for them waits no longer. */
    public void heard(Settlement.Notice notice) {
        if (notice instanceof Settlement.Notice.FundsChanged changed) {
            pauses.end(changed.sender(), Reason.FUNDS);
        }
    }

    /** Whether anything is being redeemed. */
    boolean isWorking() {
        return !working.isEmpty();
    }

    private boolean write(Deadline deadline, LedgerEntry entry) {
        return write(deadline, Optional.empty(), entry);
    }

    private boolean write(Deadline deadline, Optional<LedgerEntry> gasSpent, LedgerEntry entry) {
        List<LedgerEntry> entries = Stream.concat(gasSpent.stream(), Stream.of(entry)).toList();
        return ports.ledger(deadline, ledger -> ledger.append(ports.clock().instant(), entries));
    }

    private Deadline patience() {
        return Deadline.in(QUESTION, ports.clock());
    }

    /** Said once for as long as it is the same. */
    private void trouble(String what) {
        if (!what.equals(lastTrouble)) {
            lastTrouble = what;
            LOG.log(Level.WARNING, "Winning tickets wait, and nothing is lost: " + what);
        }
    }

    /** Said once for as long as nothing more is spent. */
    private void limited(String limit) {
        if (!limit.equals(lastLimit)) {
            lastLimit = limit;
            LOG.log(Level.WARNING, "Winning tickets wait: " + limit);
        }
    }

    /** Begins nothing more. What has begun is found in the ledger at the next start. */
    public void close() {
        closed = true;
    }
}
