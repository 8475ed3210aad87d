package io.millrace.testkit;

import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.Redemption.NotKnown;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Registration;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A chain of one process. Rounds, blocks and funds move when the test says so; redeeming moves deposit and reserve
 * and refuses what the contract TicketBroker refuses, in its order and words. Thread-safe.
 */
public final class InMemorySettlement implements Settlement {

    /** Rounds in which a ticket can be redeemed, beginning with its own. */
    private static final int VALIDITY = 2;

    private static final Bytes ZERO_HASH = Bytes.wrap(new byte[Keccak256.LENGTH]);

    private record State(
            long round,
            boolean roundInitialized,
            Bytes roundBlockHash,
            Bytes previousRoundBlockHash,
            long l1Block,
            int poolSize,
            Wei gasPrice)
            implements ChainState {}

    private record Funds(Wei deposit, Wei reserve, Wei claimedInRound, Wei claimedByClaimant, long withdrawRound)
            implements SenderFunds {}

    private static final class Sender {
        private BigInteger deposit = BigInteger.ZERO;
        private BigInteger reserve = BigInteger.ZERO;
        private long withdrawRound;
        private final Map<Address, BigInteger> claimed = new HashMap<>();

        private BigInteger claimedInRound() {
            return claimed.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
        }
    }

    private final Wallet verifier;
    private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Long, Bytes> blockHashes = new HashMap<>();
    private final Map<Address, Sender> senders = new HashMap<>();
    private final Map<Address, BigInteger> earned = new HashMap<>();
    private final Set<Address> active = new HashSet<>();
    private final Map<Bytes, Paid> paid = new HashMap<>();
    private long round;
    private boolean initialized;
    private long block = 100;
    private BigInteger gasPrice = BigInteger.ZERO;
    private Wei gasCost = Wei.ZERO;
    private boolean congested;
    private boolean reachable = true;

    /** Round 1, nobody active, no funds, gas for nothing; {@code verifier} knows all signatures. */
    public InMemorySettlement(Wallet verifier) {
        this.verifier = verifier;
        nextRound();
    }

    /** So many blocks are seen. */
    public void mine(int blocks) {
        synchronized (this) {
            block += blocks;
        }
        tell(new Notice.NewBlock(block));
    }

    /** The next round begins and is initialized. */
    public void nextRound() {
        endRound();
        synchronized (this) {
            round++;
            initialized = true;
            blockHashes.put(round, Keccak256.of(Bytes.utf8("round " + round)));
            senders.values().forEach(sender -> sender.claimed.clear());
        }
        tell(new Notice.NewRound(round));
    }

    /** The round has ended, and nobody has initialized the next one. */
    public synchronized void endRound() {
        initialized = false;
    }

    /** The block hash of this round is zero, as it happens on Arbitrum. */
    public synchronized void loseBlockHash() {
        blockHashes.put(round, ZERO_HASH);
    }

    /** Somebody adds to deposit and reserve. */
    public void fund(Address sender, Wei deposit, Wei reserve) {
        synchronized (this) {
            Sender funds = senders.computeIfAbsent(sender, unknown -> new Sender());
            funds.deposit = funds.deposit.add(deposit.amount());
            funds.reserve = funds.reserve.add(reserve.amount());
        }
        tell(new Notice.FundsChanged(sender));
    }

    /** Somebody begins to unlock its funds: it may withdraw two rounds from now. */
    public void unlock(Address sender) {
        synchronized (this) {
            senders.computeIfAbsent(sender, unknown -> new Sender()).withdrawRound = round + 2;
        }
        tell(new Notice.FundsChanged(sender));
    }

    /** Somebody takes out all that it has. */
    public void withdraw(Address sender) {
        synchronized (this) {
            senders.put(sender, new Sender());
        }
        tell(new Notice.FundsChanged(sender));
    }

    /** This orchestrator is registered and active. */
    public synchronized void activate(Address orchestrator) {
        active.add(orchestrator);
    }

    /** This orchestrator is neither any more. */
    public synchronized void deactivate(Address orchestrator) {
        active.remove(orchestrator);
    }

    /** What a redemption costs its sender from now on; nothing at first. */
    public synchronized void gasCost(Wei newCost) {
        gasCost = newCost;
    }

    /** From now on blocks do, or do not, leave out what is sent. */
    public synchronized void congested(boolean newCongested) {
        congested = newCongested;
    }

    /** The price of gas from now on. */
    public synchronized void gasPrice(Wei newPrice) {
        gasPrice = newPrice.amount();
    }

    /** From now on the chain can, or cannot, be reached. */
    public synchronized void reachable(boolean newReachable) {
        reachable = newReachable;
    }

    /** What an orchestrator was paid so far. */
    public synchronized Wei earned(Address orchestrator) {
        return new Wei(earned.getOrDefault(orchestrator, BigInteger.ZERO));
    }

    @Override
    public synchronized ChainState state(Deadline deadline) {
        reach();
        return new State(
                round,
                initialized,
                blockHashes.get(round),
                blockHashes.getOrDefault(round - 1, ZERO_HASH),
                block,
                active.size(),
                new Wei(gasPrice));
    }

    @Override
    public synchronized SenderFunds funds(Address sender, Address claimant, Deadline deadline) {
        reach();
        Sender funds = senders.getOrDefault(sender, new Sender());
        return new Funds(
                new Wei(funds.deposit),
                new Wei(funds.reserve),
                new Wei(funds.claimedInRound()),
                new Wei(funds.claimed.getOrDefault(claimant, BigInteger.ZERO)),
                funds.withdrawRound);
    }

    @Override
    public synchronized boolean isActive(Address orchestrator, Deadline deadline) {
        reach();
        return active.contains(orchestrator);
    }

    @Override
    public Redemption redeem(WinningTicket winner, Deadline deadline) {
        Redemption redemption;
        synchronized (this) {
            reach();
            redemption = refusal(winner).<Redemption>map(refused -> refused).orElseGet(() -> congested
                    ? new NotKnown("no receipt came in time") : pay(winner));
        }
        if (redemption instanceof Paid) {
            tell(new Notice.FundsChanged(winner.ticket().sender()));
        }
        return redemption;
    }

    @Override
    public synchronized Optional<Refused> objection(WinningTicket ticket, Deadline deadline) {
        reach();
        return paid.containsKey(ticket.hash()) ? no(Reason.USED, "ticket is used") : refusal(ticket);
    }

    @Override
    public synchronized Optional<Paid> settled(WinningTicket ticket, Deadline deadline) {
        reach();
        return Optional.ofNullable(paid.get(ticket.hash()));
    }

    @Override
    public Registration watch(Consumer<Notice> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private Optional<Refused> refusal(WinningTicket winner) {
        Ticket ticket = winner.ticket();
        if (!initialized) {
            return no(Reason.NOT_NOW, "current round is not initialized");
        }
        if (ticket.auxData().isEmpty()) {
            return no(Reason.INVALID, "invalid length for ticket auxData: must be 64 bytes");
        }
        Bytes blockHash = blockHashes.getOrDefault(ticket.params().creationRound(), ZERO_HASH);
        if (blockHash.equals(ZERO_HASH)) {
            return no(Reason.EXPIRED, "ticket creationRound does not have a block hash");
        }
        if (!blockHash.equals(ticket.params().creationRoundBlockHash())) {
            return no(Reason.INVALID, "ticket creationRoundBlockHash invalid for creationRound");
        }
        if (ticket.params().creationRound() + VALIDITY <= round) {
            return no(Reason.EXPIRED, "ticket is expired");
        }
        if (!Keccak256.of(winner.recipientRand()).equals(ticket.params().recipientRandHash())) {
            return no(Reason.INVALID, "recipientRand does not match recipientRandHash");
        }
        if (paid.containsKey(ticket.hash())) {
            return no(Reason.USED, "ticket is used");
        }
        if (!verifier.verify(ticket.sender(), ticket.hash(), winner.signature())) {
            return no(Reason.INVALID, "invalid signature over ticket hash");
        }
        if (!ticket.wins(winner.signature(), winner.recipientRand())) {
            return no(Reason.INVALID, "ticket did not win");
        }
        Sender sender = senders.getOrDefault(ticket.sender(), new Sender());
        if (sender.withdrawRound != 0 && sender.withdrawRound <= round) {
            return no(Reason.FUNDS, "sender is unlocked");
        }
        if (sender.deposit.signum() == 0 && sender.reserve.signum() == 0) {
            return no(Reason.FUNDS, "sender deposit and reserve are zero");
        }
        return active.contains(ticket.params().recipient())
                ? Optional.empty()
                : no(Reason.NOT_NOW, "transcoder must be registered");
    }

    /** The deposit pays first, then the recipient's part of the reserve; a ticket is used up whatever is paid. */
    private Paid pay(WinningTicket winner) {
        Address recipient = winner.ticket().params().recipient();
        BigInteger faceValue = winner.ticket().params().faceValue();
        Sender sender = senders.get(winner.ticket().sender());
        BigInteger fromDeposit = faceValue.min(sender.deposit);
        BigInteger claimed = sender.claimed.getOrDefault(recipient, BigInteger.ZERO);
        BigInteger part = sender.reserve
                .add(sender.claimedInRound())
                .divide(BigInteger.valueOf(active.size()))
                .subtract(claimed);
        BigInteger fromReserve =
                faceValue.subtract(fromDeposit).min(part).min(sender.reserve).max(BigInteger.ZERO);
        sender.deposit = sender.deposit.subtract(fromDeposit);
        sender.reserve = sender.reserve.subtract(fromReserve);
        sender.claimed.put(recipient, claimed.add(fromReserve));
        BigInteger amount = fromDeposit.add(fromReserve);
        earned.merge(recipient, amount, BigInteger::add);
        Paid receipt = new Paid(Keccak256.of(winner.hash()), new Wei(amount), gasCost);
        paid.put(winner.hash(), receipt);
        return receipt;
    }

    private static Optional<Refused> no(Reason reason, String message) {
        return Optional.of(new Refused(reason, message));
    }

    private void reach() {
        if (!reachable) {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the chain of the test cannot be reached");
        }
    }

    private void tell(Notice notice) {
        listeners.forEach(listener -> listener.accept(notice));
    }
}
