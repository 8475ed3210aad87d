package io.millrace.arbitrum;

import io.millrace.api.payment.Settlement.Notice;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.Chain.Block;
import io.millrace.arbitrum.Chain.Log;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the newest block of the chain, on one thread. Each time it asks for the newest block, for the events since
 * the one before, and for the state that those events have changed: an event is only a hint to read again, and nothing
 * is summed up from events. A block whose parent is not the one that was seen before means a reorganisation: the
 * accounts that the dropped blocks had touched are read again like those of the new ones.
 */
final class Follower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** Blocks of which events are asked for at once; halved where a node finds that too many. */
    private static final long MAX_RANGE = 1000;

    /** Blocks after which it is cheaper to read all state again than to look through the events. */
    private static final long MAX_GAP = 10_000;

    /** Blocks that are remembered, to see how deep a reorganisation goes. */
    private static final int REMEMBERED = 256;

    /** Polls in a row that must say that the chain has become shorter; before, it is a node that lags behind. */
    private static final int SHORTER = 3;

    private static final Bytes NEW_ROUND = topic("NewRound(uint256,bytes32)");
    private static final Bytes ACTIVATED = topic("TranscoderActivated(address,uint256)");
    private static final Bytes DEACTIVATED = topic("TranscoderDeactivated(address,uint256)");
    private static final Bytes CONTRACT = topic("SetContractInfo(bytes32,address,bytes20)");
    private static final List<Bytes> TOPICS = List.of(
            NEW_ROUND,
            ACTIVATED,
            DEACTIVATED,
            CONTRACT,
            topic("DepositFunded(address,uint256)"),
            topic("ReserveFunded(address,uint256)"),
            topic("Withdrawal(address,uint256,uint256)"),
            topic("WinningTicketTransfer(address,address,uint256)"),
            topic("Unlock(address,uint256,uint256)"),
            topic("UnlockCancelled(address)"));

    private final Chain chain;
    private final Address controller;
    private final Duration interval;
    private final Duration pollTimeout;
    private final Duration maxAge;
    private final InstantSource clock;
    private final Notices notices;
    private final Deque<Seen> recent = new ArrayDeque<>();
    private final Set<Address> asked = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Boolean> eldest) {
            return size() > Head.MAX_KEPT;
        }
    });
    private final Object lock = new Object();
    private final Thread thread;
    private Head head;
    private Instant lastAnswer;
    private String trouble = "it has not been asked yet";
    private int failures;
    private int shorter;
    private boolean wanted;

    /** A block that was the newest once, and what had changed since the one before it. */
    private record Seen(Block block, Changes changes) {}

    /** What is to be read again. */
    private static final class Changes {
        private boolean all;
        private boolean rounds;
        private boolean pool;
        private final Set<Address> senders = new HashSet<>();

        private static Changes everything() {
            Changes changes = new Changes();
            changes.all = true;
            return changes;
        }

        private void add(Changes other) {
            all |= other.all;
            rounds |= other.rounds;
            pool |= other.pool;
            senders.addAll(other.senders);
        }

        private void add(Log log) {
            if (log.is(CONTRACT)) {
                all = true;
            } else if (log.is(NEW_ROUND)) {
                rounds = true;
            } else if (log.is(ACTIVATED) || log.is(DEACTIVATED)) {
                pool = true;
            } else {
                senders.add(log.address(1));
            }
        }
    }

    Follower(Chain chain, ArbitrumSettlement.Settings settings, Notices notices, InstantSource clock) {
        this.chain = chain;
        this.controller = settings.controller();
        this.interval = settings.poll();
        this.pollTimeout = settings.rpc().timeout().multipliedBy(4);
        this.maxAge = settings.maxAge();
        this.notices = notices;
        this.clock = clock;
        thread = Thread.ofVirtual().name("arbitrum-follower").start(this::run);
    }

    /**
     * The newest state.
     *
     * @throws Fault when none was seen, or too long ago
     */
    Head head() {
        synchronized (lock) {
            if (head == null) {
                throw new Fault(Fault.Consequence.RETRY_HERE, "the chain has not been seen yet: " + trouble);
            }
            Duration age = Duration.between(lastAnswer, clock.instant());
            if (age.compareTo(maxAge) > 0) {
                throw new Fault(
                        Fault.Consequence.RETRY_HERE,
                        "what is known of the chain is " + age.toSeconds() + " seconds old: " + trouble);
            }
            return head;
        }
    }

    /** Remembers that an account is of interest, so that a change of everything is told for it too. */
    void asked(Address sender) {
        synchronized (lock) {
            asked.add(sender);
        }
    }

    /** Looks at the chain now and not when the time has come. */
    void wake() {
        synchronized (lock) {
            wanted = true;
            lock.notifyAll();
        }
    }

    /** Waits for another state than this one, but not beyond {@code patience}. */
    void await(Head known, Duration patience) throws InterruptedException {
        awaitHead(head -> head != known, patience);
    }

    /** Waits until the state after this block is known, but not beyond {@code patience}. */
    void awaitBlock(long number, Duration patience) throws InterruptedException {
        wake();
        awaitHead(head -> head != null && head.block().number() >= number, patience);
    }

    private void awaitHead(Predicate<Head> suits, Duration patience) throws InterruptedException {
        synchronized (lock) {
            Instant until = clock.instant().plus(patience);
            for (Instant now = clock.instant(); !suits.test(head) && now.isBefore(until); now = clock.instant()) {
                lock.wait(Math.max(1, Duration.between(now, until).toMillis()));
            }
        }
    }

    /** Waits for the next block, but not beyond {@code patience}. */
    void awaitNext(Duration patience) throws InterruptedException {
        Head known;
        synchronized (lock) {
            known = head;
        }
        await(known, patience);
    }

    private void run() {
        try {
            while (true) {
                try {
                    poll();
                } catch (Fault e) {
                    failed(e.getMessage());
                } catch (RpcError e) {
                    failed(Chain.unread(e).getMessage());
                } catch (RuntimeException e) {
                    LOG.warn("Following the chain failed", e);
                    failed(e.toString());
                }
                synchronized (lock) {
                    if (!wanted) {
                        lock.wait(Math.max(1, interval.toMillis()));
                    }
                    wanted = false;
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void failed(String message) {
        if (Thread.currentThread().isInterrupted()) {
            return; // closed
        }
        failures++;
        if (failures == 1) {
            LOG.warn(
                    "The chain cannot be followed: {}. Check urls, controller and chainId of io.millrace.arbitrum;"
                            + " it is tried again, and tickets are kept until then",
                    message);
        }
        synchronized (lock) {
            trouble = message;
        }
    }

    private void poll() throws RpcError {
        Deadline deadline = Deadline.in(pollTimeout, clock);
        Block newest = chain.newest(deadline);
        Wei gasPrice = new Wei(chain.gasPrice(deadline));
        Head before;
        synchronized (lock) {
            before = head;
        }
        if (before != null && before.block().hash().equals(newest.hash())) {
            shorter = 0;
            publish(before.gasPrice().equals(gasPrice) ? before : before.with(gasPrice));
            return;
        }
        if (before != null && newest.number() < before.block().number() && lagsBehind(newest)) {
            return;
        }
        shorter = 0;
        Changes changes = before == null ? Changes.everything() : changes(before, newest, deadline);
        Head next = read(newest, before, gasPrice, changes, deadline);
        recent.addLast(new Seen(newest, changes));
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        publish(next);
        tell(before, next, changes);
    }

    /** Behind a balancer of load one node may be some blocks behind another. */
    private boolean lagsBehind(Block newest) {
        boolean dropped = recent.stream()
                .anyMatch(seen -> seen.block().number() == newest.number()
                        && !seen.block().hash().equals(newest.hash()));
        shorter++;
        boolean lags = !dropped && shorter < SHORTER;
        if (lags) {
            synchronized (lock) {
                trouble = "the newest block that is told is older than one that was seen";
            }
        }
        return lags;
    }

    private Changes changes(Head known, Block newest, Deadline deadline) throws RpcError {
        Block before = known.block();
        Changes changes = new Changes();
        long from = rescanFrom(before);
        if (!follows(before, newest, deadline)) {
            Optional<Block> ancestor = rollBack(changes, deadline);
            LOG.info(
                    "The chain was reorganised: {} blocks up to {} were dropped",
                    ancestor.map(block -> String.valueOf(before.number() - block.number())).orElse("many"),
                    before.number());
            if (ancestor.isEmpty()) {
                return Changes.everything();
            }
            changes.rounds = true;
            from = ancestor.get().number() + 1;
        }
        if (newest.number() - from > MAX_GAP) {
            return Changes.everything();
        }
        readEvents(from, newest, known.contracts(), changes);
        return changes;
    }

    /**
     * The events of the time between the last two looks are asked for once more: a node that lags behind gives those of
     * the blocks that it has, and does not say that there are others.
     */
    private long rescanFrom(Block before) {
        long from = before.number() + 1;
        for (Seen seen : recent) {
            if (seen.block().number() < before.number()) {
                from = seen.block().number() + 1;
            }
        }
        return from;
    }

    private boolean follows(Block before, Block newest, Deadline deadline) throws RpcError {
        if (newest.number() <= before.number()) {
            return false;
        }
        if (newest.number() == before.number() + 1) {
            return newest.parent().equals(before.hash());
        }
        // A node that does not have it lags behind the one that told the newest block.
        return chain.block(before.number(), deadline)
                .orElseThrow(() -> Rpc.undecodable("it does not know a block before its newest one"))
                .hash()
                .equals(before.hash());
    }

    private boolean isOnChain(Block block, Deadline deadline) throws RpcError {
        return chain.block(block.number(), deadline)
                .filter(found -> found.hash().equals(block.hash()))
                .isPresent();
    }

    /** Forgets the blocks that were dropped; what they had changed is to be read again. */
    private Optional<Block> rollBack(Changes changes, Deadline deadline) throws RpcError {
        for (Seen seen : List.copyOf(recent).reversed()) {
            if (isOnChain(seen.block(), deadline)) {
                recent.removeIf(other -> other.block().number() > seen.block().number());
                return Optional.of(seen.block());
            }
            changes.add(seen.changes());
        }
        recent.clear();
        return Optional.empty();
    }

    private void readEvents(long from, Block newest, Contracts contracts, Changes changes) throws RpcError {
        List<Address> addresses =
                List.of(contracts.controller(), contracts.broker(), contracts.rounds(), contracts.bonding());
        long range = MAX_RANGE;
        long next = from;
        while (next <= newest.number()) {
            long to = Math.min(next + range - 1, newest.number());
            List<Log> logs;
            try {
                logs = chain.logs(next, to, addresses, TOPICS, Deadline.in(pollTimeout, clock));
            } catch (RpcError e) {
                if (range == 1) {
                    throw e;
                }
                range = range / 2;
                continue;
            }
            for (Log log : logs) {
                if (log.block() == newest.number() && !log.blockHash().equals(newest.hash())) {
                    throw Rpc.undecodable("its events are not those of the block it gave before");
                }
                changes.add(log);
            }
            next = to + 1;
        }
    }

    private Head read(Block newest, Head before, Wei gasPrice, Changes changes, Deadline deadline) throws RpcError {
        boolean first = changes.all || before == null;
        Contracts contracts = first ? contracts(newest, deadline) : before.contracts();
        boolean initialized =
                chain.number(newest.hash(), contracts.rounds(), deadline, "currentRoundInitialized").signum() != 0;
        boolean sameRound = !first && !changes.rounds && initialized == before.roundInitialized();
        Head.Rounds rounds = sameRound && !changes.pool
                ? before.rounds()
                : rounds(newest, contracts, deadline);
        return new Head(
                newest,
                contracts,
                rounds,
                initialized,
                gasPrice,
                // what was claimed of a reserve is counted by round
                Head.kept(first ? Map.of() : before.funds(), key -> sameRound && !changes.senders.contains(key.sender())),
                Head.kept(first ? Map.of() : before.active(), key -> sameRound && !changes.pool));
    }

    private Contracts contracts(Block at, Deadline deadline) throws RpcError {
        if (!chain.hasCode(controller, deadline)) {
            throw new Fault(
                    Fault.Consequence.RETRY_HERE,
                    "there is no contract at " + controller + ", which should be the Controller");
        }
        return new Contracts(
                controller,
                contract(at, "TicketBroker", deadline),
                contract(at, "RoundsManager", deadline),
                contract(at, "BondingManager", deadline));
    }

    private Address contract(Block at, String name, Deadline deadline) throws RpcError {
        Optional<Address> found;
        try {
            found = chain.contract(at.hash(), controller, name, deadline);
        } catch (RpcError e) {
            if (!e.isRevert()) {
                throw e;
            }
            throw new Fault(
                    Fault.Consequence.RETRY_HERE, "the contract at " + controller + " is not the Controller", e);
        }
        return found.orElseThrow(() -> new Fault(
                Fault.Consequence.RETRY_HERE, "the Controller at " + controller + " knows no " + name));
    }

    private Head.Rounds rounds(Block at, Contracts contracts, Deadline deadline) throws RpcError {
        long round = small(chain.number(at.hash(), contracts.rounds(), deadline, "lastInitializedRound"));
        return new Head.Rounds(
                round,
                blockHash(at, contracts, round, deadline),
                blockHash(at, contracts, Math.max(0, round - 1), deadline),
                Math.toIntExact(small(chain.number(at.hash(), contracts.bonding(), deadline, "getTranscoderPoolSize"))),
                small(chain.number(at.hash(), contracts.broker(), deadline, "ticketValidityPeriod")));
    }

    private Bytes blockHash(Block at, Contracts contracts, long round, Deadline deadline) throws RpcError {
        return Abi.hash(
                chain.call(at.hash(), contracts.rounds(), Abi.call("blockHashForRound", round), deadline));
    }

    private static long small(BigInteger number) {
        if (number.bitLength() >= Integer.SIZE) {
            throw Rpc.undecodable("a contract's number is beyond reason");
        }
        return number.longValueExact();
    }

    private void publish(Head next) {
        synchronized (lock) {
            head = next;
            lastAnswer = clock.instant();
            lock.notifyAll();
        }
        if (failures > 0) {
            LOG.info("The chain is followed again after {} failures, at block {}", failures, next.block().number());
            failures = 0;
        }
    }

    private void tell(Head before, Head next, Changes changes) {
        if (before == null) {
            LOG.info(
                    "Following chain {} at block {}, round {}, {} orchestrators in the pool",
                    chain.rpc().chainId(),
                    next.block().number(),
                    next.round(),
                    next.poolSize());
        }
        Set<Address> senders = new HashSet<>(changes.senders);
        if (changes.all) {
            synchronized (lock) {
                senders.addAll(asked);
            }
        }
        senders.forEach(sender -> notices.tell(new Notice.FundsChanged(sender)));
        if (before == null || before.round() != next.round()) {
            notices.tell(new Notice.NewRound(next.round()));
        }
        if (before == null || before.l1Block() != next.l1Block()) {
            notices.tell(new Notice.NewBlock(next.l1Block()));
        }
    }

    private static Bytes topic(String signature) {
        return Keccak256.of(Bytes.utf8(signature));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
