package io.millrace.kernel.payment;

import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.Redemption;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
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
import java.util.stream.Collectors;

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
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Set<Address> working = ConcurrentHashMap.newKeySet();
    private final Pauses pauses;
    private volatile String lastTrouble = "";
    private volatile boolean closed;

    /** Redeems what these ports' ledger keeps at their chain. */
    public Redemptions(MoneyPorts ports) {
        this(ports, sender -> {});
    }

    /** The same; {@code pendingChanged} is told of a sender when {@link #pending} of it is another than before. */
    Redemptions(MoneyPorts ports, Consumer<Address> pendingChanged) {
        this.ports = ports;
        this.pendingChanged = pendingChanged;
        this.pauses = new Pauses(ports.clock(), LONGEST_PAUSE);
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
            lastTrouble = "";
            if (state.roundInitialized()) {
                begin(winners);
            }
        } catch (Fault e) {
            trouble(e.getMessage());
        }
    }

    private void begin(List<PendingWinner> winners) {
        Map<Address, List<WinningTicket>> due = winners.stream()
                .map(PendingWinner::ticket)
                .filter(pauses::isOver)
                .collect(Collectors.groupingBy(ticket -> ticket.ticket().sender()));
        due.forEach((sender, tickets) -> {
            if (working.add(sender)) {
                Threads.virtual().name("redeem-" + sender).start(() -> redeem(sender, tickets));
            }
        });
    }

    /** One sender's tickets, one after the other. */
    private void redeem(Address sender, List<WinningTicket> tickets) {
        try {
            for (WinningTicket ticket : tickets) {
                places.acquire();
                try {
                    if (closed) {
                        return;
                    }
                    redeem(ticket);
                } finally {
                    places.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Fault e) {
            // the ledger or the chain cannot be used; the next look tries again
            trouble(e.getMessage());
        } finally {
            working.remove(sender);
        }
    }

    /** The story of one try: it is written before it begins, and its end is written. */
    private void redeem(WinningTicket ticket) {
        Bytes hash = ticket.hash();
        Deadline deadline = Deadline.in(PATIENCE, ports.clock());
        Address sender = ticket.ticket().sender();
        if (!write(deadline, new RedemptionBegun(hash))) {
            return;
        }
        pendingChanged.accept(sender);
        try {
            end(ticket, hash, deadline);
        } finally {
            pendingChanged.accept(sender);
        }
    }

    private void end(WinningTicket ticket, Bytes hash, Deadline deadline) {
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
        switch (end) {
            case Paid paid -> {
                write(patience(), new Redeemed(hash, paid.transaction(), paid.amount()));
                tell(ticket, paid.amount(), Optional.empty());
            }
            case Refused refused when refused.reason().isFinal() -> {
                write(patience(), new Abandoned(hash, refused.message()));
                tell(ticket, Wei.ZERO, Optional.of("given up: " + refused.message()));
            }
            case Refused refused -> {
                write(patience(), new RedemptionFailed(hash, refused.message()));
                tell(ticket, Wei.ZERO, Optional.of(refused.message()));
                pause(ticket, refused.reason(), refused.message());
            }
            case Redemption.NotKnown unknown -> pause(ticket, Reason.NOT_NOW, unknown.message());
        }
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
        return ports.ledger(deadline, ledger -> ledger.append(ports.clock().instant(), List.of(entry)));
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

    /** Begins nothing more. What has begun is found in the ledger at the next start. */
    public void close() {
        closed = true;
    }
}
