package io.millrace.kernel.payment;

import io.millrace.api.network.Links;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Wei;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Has the winning tickets that the ledger keeps redeemed by another node. Each is handed over as soon as that node takes
 * it, and waits in the ledger until its end is seen on the chain: only the chain says that a ticket is redeemed or lost,
 * never the redeemer. Thread-safe.
 */
public final class RemoteRedemptions {

    private static final System.Logger LOG = System.getLogger(RemoteRedemptions.class.getName());

    /** As long as go-livepeer waits for one (server/rpc.go, GRPCTimeout). */
    private static final Duration QUESTION = Duration.ofSeconds(8);

    /** A gateway that asks for an offer waits 8 s: no longer than this where the last answer can be given instead. */
    private static final Duration SHORT_QUESTION = Duration.ofSeconds(3);

    /** A call that has ended by its deadline is not taken for one that hangs. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Pauses after a failure, doubled with each further one up to the longest. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final Duration OUTAGE = Duration.ofSeconds(2);
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 5;

    /** Rounds in which the contract takes a ticket, beginning with that of its terms. */
    private static final int ROUNDS = 2;

    /**
     * So many blocks after its terms have expired a ticket that was handed over is late. go-livepeer's redeemer takes 1 to
     * 10, and may wait for a receipt for ever, with all other tickets behind it.
     */
    private static final BigInteger LATE = BigInteger.valueOf(50);

    /** So often what was paid for a redeemed ticket is looked for. Nodes of a chain find events later than state. */
    private static final int SEARCHES = 6;

    /** How long an answer counts, so that a busy sender does not make a call of each of its segments. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** How long the last answer counts while the redeemer cannot be asked: streams go on as long. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final int SENDERS = 1000;

    private final MoneyPorts ports;
    private final Leased<Links> links;
    private final Supplier<Optional<URI>> address;
    private final Foreign calls;
    private final Pauses pauses;
    private final AtomicBoolean working = new AtomicBoolean();
    private final Map<Address, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Answer> eldest) {
            return size() > SENDERS;
        }
    };
    private Optional<Outage> outage = Optional.empty();
    private volatile Optional<URI> reached = Optional.empty();
    private volatile long late;
    private volatile String lastTrouble = "";
    private volatile boolean closed;

    private record Answer(URI redeemer, BigInteger maxFloat, Instant at) {}

    /** That a redeemer cannot be asked, until when it is left alone and why. */
    private record Outage(URI redeemer, int failures, Instant until, String why) {}

    private enum Cause {
        /** The redeemer refuses it. */
        NOT_TAKEN,
        /** The chain shows no end of it yet; it may when the funds of its sender change. */
        NOT_SEEN
    }

    /**
     * Hands what these ports' ledger keeps to the redeemer at an address.
     *
     * @param links lead to it
     * @param address as it is configured now; empty where this node redeems itself
     */
    public RemoteRedemptions(MoneyPorts ports, Leased<Links> links, Supplier<Optional<URI>> address) {
        this.ports = ports;
        this.links = links;
        this.address = address;
        this.calls = new Foreign("redeemer", ports.events());
        this.pauses = new Pauses(ports.clock(), LONGEST_PAUSE);
    }

    /** Begins what is to be done; it returns before it is done. To be called every few seconds. Throws nothing. */
    public void look() {
        Optional<URI> redeemer = address.get();
        if (redeemer.isPresent() && working.compareAndSet(false, true)) {
            Threads.virtual().name("hand-over").start(() -> {
                try {
                    look(redeemer.get());
                } catch (Fault e) {
                    trouble(e.getMessage());
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "Handing winning tickets over failed; it is tried again in a moment", e);
                } finally {
                    working.set(false);
                }
            });
        }
    }

    private void look(URI redeemer) {
        List<PendingWinner> winners =
                ports.ledger(soon(), ledger -> ledger.winners(Optional.empty(), Redemptions.MOST));
        pauses.keep(winners);
        reach(redeemer);
        handOver(winners, redeemer);
        follow(winners, redeemer);
        lastTrouble = "";
    }

    /** The first call, which nobody waits for: connecting takes its time. */
    private void reach(URI redeemer) {
        if (obstacle().isPresent()) {
            Deadline deadline = soon();
            try {
                ask(redeemer, deadline, remote -> remote.maxFloat(Address.NONE, deadline));
            } catch (Fault e) {
                // told as an obstacle
            }
        }
    }

    /** One that another redeemer took may never be redeemed there. */
    private void handOver(List<PendingWinner> winners, URI redeemer) {
        try {
            for (PendingWinner winner : winners) {
                if (!winner.redeemer().equals(Optional.of(redeemer.toString()))) {
                    handOver(winner, redeemer);
                }
            }
        } catch (Fault e) {
            if (outage(redeemer).isEmpty()) {
                throw e;
            }
            // the redeemer cannot be asked, which is told as a caution; the chain is looked at all the same
        }
    }

    /** A redeemer that refuses a ticket may take the next one. */
    private void handOver(PendingWinner winner, URI redeemer) {
        WinningTicket ticket = winner.ticket();
        if (closed || !pauses.isOver(ticket)) {
            return;
        }
        Deadline deadline = soon();
        Optional<Redeemer.Refused> no = ask(redeemer, deadline, remote -> remote.take(ticket, deadline));
        if (no.isEmpty()) {
            write(new HandedOver(ticket.hash(), redeemer.toString()));
            return;
        }
        String why = "the redeemer at " + redeemer + " does not take it: " + no.get().message();
        pauses.begin(ticket, Cause.NOT_TAKEN, PAUSE);
        if (!winner.lastFailure().equals(Optional.of(why))) {
            write(new RedemptionFailed(ticket.hash(), why));
            ports.events().happened(
                    new KernelEvents.TicketRedeemed(ticket.ticket().sender(), Wei.ZERO, Optional.of(why)));
        }
    }

    /** Looks on the chain for the end of those that may have one. */
    private void follow(List<PendingWinner> winners, URI redeemer) {
        Deadline deadline = soon();
        ChainState state = ports.settlement(deadline, chain -> chain.state(deadline));
        BigInteger block = BigInteger.valueOf(state.l1Block());
        for (PendingWinner winner : winners) {
            boolean mayBeRedeemed = winner.redeemer().isPresent() && winner.expirationBlock().compareTo(block) <= 0;
            boolean mayBeLost = winner.ticket().ticket().params().creationRound() + ROUNDS <= state.round();
            if (!closed && (mayBeRedeemed || mayBeLost) && pauses.isOver(winner.ticket())) {
                follow(winner, redeemer);
            }
        }
        BigInteger since = block.subtract(LATE).max(BigInteger.ZERO);
        late = ports.ledger(soon(), ledger -> ledger.due(since, Redemptions.MOST)).stream()
                .filter(winner -> winner.redeemer().isPresent())
                .count();
    }

    private void follow(PendingWinner winner, URI redeemer) {
        WinningTicket ticket = winner.ticket();
        Deadline deadline = soon();
        Optional<Refused> no = ports.settlement(deadline, chain -> chain.objection(ticket, deadline));
        if (no.filter(refused -> refused.reason() == Reason.USED).isPresent()) {
            Optional<Paid> paid = ports.settled(ticket, deadline);
            if (paid.isPresent()) {
                write(new Redeemed(ticket.hash(), paid.get().transaction(), paid.get().amount()));
                ports.events().happened(new KernelEvents.TicketRedeemed(
                        ticket.ticket().sender(), paid.get().amount(), Optional.empty()));
            } else if (pauses.begin(ticket, Reason.USED, PAUSE) >= SEARCHES) {
                abandon(ticket, "it is redeemed, and what was paid for it is not found on the chain");
            }
        } else if (no.filter(refused -> refused.reason().isFinal()).isPresent()) {
            String what = winner.redeemer().isPresent() ? "redeem" : "take";
            abandon(ticket, "the redeemer at " + winner.redeemer().orElse(redeemer.toString()) + " did not " + what
                    + " it in time: " + no.get().message());
        } else {
            pauses.begin(ticket, Cause.NOT_SEEN, PAUSE);
        }
    }

    private void abandon(WinningTicket ticket, String why) {
        write(new Abandoned(ticket.hash(), why));
        ports.events().happened(new KernelEvents.TicketRedeemed(
                ticket.ticket().sender(), Wei.ZERO, Optional.of("given up: " + why)));
    }

    /** What is heard of the chain: funds of a sender change when one of its tickets is redeemed. */
    public void heard(Settlement.Notice notice) {
        if (notice instanceof Settlement.Notice.FundsChanged changed) {
            pauses.end(changed.sender(), Cause.NOT_SEEN);
        }
    }

    /**
     * The max float of a sender as the redeemer says it; empty where this node redeems itself.
     *
     * @throws Fault when it cannot be asked, and said nothing of this sender lately
     */
    Optional<BigInteger> maxFloat(Address sender, Deadline deadline) {
        Optional<URI> redeemer = address.get();
        return redeemer.map(remote -> maxFloat(remote, sender, deadline));
    }

    private BigInteger maxFloat(URI redeemer, Address sender, Deadline deadline) {
        Optional<BigInteger> fresh = known(redeemer, sender, FRESH);
        if (fresh.isPresent()) {
            return fresh.get();
        }
        Duration limit = known(redeemer, sender, KEPT).isPresent() ? SHORT_QUESTION : QUESTION;
        Deadline soon = deadline.orEarlier(Deadline.in(limit, ports.clock()));
        try {
            BigInteger answer = ask(redeemer, soon, remote -> remote.maxFloat(sender, soon));
            synchronized (this) {
                answers.put(sender, new Answer(redeemer, answer, ports.clock().instant()));
            }
            return answer;
        } catch (Fault e) {
            // the caller may be a stranger, who is told neither who redeems nor why it cannot be asked
            return known(redeemer, sender, KEPT)
                    .orElseThrow(() -> new Fault(Consequence.BUSY, "the redeemer cannot be asked now", e));
        }
    }

    private synchronized Optional<BigInteger> known(URI redeemer, Address sender, Duration age) {
        Instant oldest = ports.clock().instant().minus(age);
        return Optional.ofNullable(answers.get(sender))
                .filter(answer -> answer.redeemer().equals(redeemer) && answer.at().isAfter(oldest))
                .map(Answer::maxFloat);
    }

    private <R> R ask(URI redeemer, Deadline deadline, Function<? super Redeemer, ? extends R> question) {
        Optional<Outage> before = outage(redeemer);
        if (before.isPresent() && ports.clock().instant().isBefore(before.get().until())) {
            throw new Fault(Consequence.BUSY, before.get().why());
        }
        try {
            R answer = ports.ask(
                    "redeemer",
                    links,
                    all -> true,
                    calls,
                    deadline,
                    deadline.remaining(ports.clock()).plus(GRACE),
                    link -> question.apply(link.redeemer(redeemer)));
            outage(Optional.empty());
            reached = Optional.of(redeemer);
            return answer;
        } catch (Fault e) {
            int failures = before.map(Outage::failures).orElse(0);
            Duration pause = OUTAGE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
            Duration bounded = pause.compareTo(LONGEST_OUTAGE) > 0 ? LONGEST_OUTAGE : pause;
            outage(Optional.of(new Outage(
                    redeemer, failures + 1, ports.clock().instant().plus(bounded), e.getMessage())));
            throw e;
        }
    }

    private synchronized Optional<Outage> outage(URI redeemer) {
        return outage.filter(known -> known.redeemer().equals(redeemer));
    }

    private synchronized void outage(Optional<Outage> now) {
        outage = now;
    }

    /** Before the redeemer has answered for the first time, no offer can be made. */
    public Optional<String> obstacle() {
        return address.get().filter(redeemer -> !reached.equals(Optional.of(redeemer))).map(redeemer -> "the redeemer at "
                + redeemer + " has not answered yet"
                + outage(redeemer).map(known -> ": " + known.why()).orElse(""));
    }

    /** What the operator should know. */
    public List<String> cautions() {
        List<String> cautions = new ArrayList<>();
        address.get().flatMap(this::outage).ifPresent(known -> cautions.add("the redeemer at " + known.redeemer()
                + " cannot be asked, and winning tickets wait for it: " + known.why()));
        if (address.get().isPresent() && late > 0) {
            cautions.add("winning tickets that were handed to a redeemer have been due for " + LATE + " blocks and more, and"
                    + " the chain does not show that they are redeemed; they expire with the round after theirs. See"
                    + " /money and the redeemer's log, or leave redeemer of io.millrace.kernel.orchestrator empty: then"
                    + " this node redeems them");
        }
        return cautions;
    }

    /** Whether anything is being handed over or looked for. */
    boolean isWorking() {
        return working.get();
    }

    private void write(LedgerEntry entry) {
        ports.ledger(soon(), ledger -> ledger.append(ports.clock().instant(), List.of(entry)));
    }

    private Deadline soon() {
        return Deadline.in(QUESTION, ports.clock());
    }

    /** Said once for as long as it is the same. */
    private void trouble(String what) {
        if (!what.equals(lastTrouble)) {
            lastTrouble = what;
            LOG.log(Level.WARNING, "Winning tickets wait to be redeemed elsewhere, and nothing is lost: " + what);
        }
    }

    /** Begins nothing more. What is not handed over is found in the ledger at the next start. */
    public void close() {
        closed = true;
    }
}
