package io.millrace.arbitrum;

import io.millrace.api.payment.Settlement.Redemption;
import io.millrace.api.payment.Settlement.Redemption.Failed;
import io.millrace.api.payment.Settlement.Redemption.NotKnown;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.Chain.Receipt;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Redeems tickets. Each one is checked, sent and followed by a thread of its own, which lives until the transaction is
 * in a block, whatever the deadlines of those who wait for it. A ticket has one such thread at most.
 */
final class Redeemer implements AutoCloseable {

    /** Tickets at once. Who calls has a queue, so that this is reached by mistake only. */
    private static final int MAX_FLIGHTS = 256;

    /** Blocks back that a redemption is looked for: more than two rounds of the main network have. */
    private static final long MAX_AGE = 1_000_000;

    /** Of those so many at once; fewer where a node finds that too many. */
    private static final long LOOK_BACK = 100_000;

    private static final int REDEEMED_WORDS = 8;

    private static final Bytes TRANSFER = Keccak256.of(Bytes.utf8("WinningTicketTransfer(address,address,uint256)"));
    private static final Bytes REDEEMED = Keccak256.of(Bytes.utf8(
            "WinningTicketRedeemed(address,address,uint256,uint256,uint256,uint256,bytes)"));

    /** What the contracts say, in parts of their sentences, and what it means. */
    private static final Map<String, Reason> REASONS = Map.ofEntries(
            Map.entry("ticket is used", Reason.USED),
            Map.entry("ticket is expired", Reason.EXPIRED),
            Map.entry("does not have a block hash", Reason.EXPIRED),
            Map.entry("creationRoundBlockHash invalid", Reason.INVALID),
            Map.entry("recipientRand does not match", Reason.INVALID),
            Map.entry("ticket did not win", Reason.INVALID),
            Map.entry("invalid signature", Reason.INVALID),
            Map.entry("INVALID_SIGNATURE_LENGTH", Reason.INVALID),
            Map.entry("invalid length for ticket auxData", Reason.INVALID),
            Map.entry("is null address", Reason.INVALID),
            Map.entry("deposit and reserve are zero", Reason.FUNDS),
            Map.entry("sender is unlocked", Reason.FUNDS));

    private final Chain chain;
    private final Follower follower;
    private final Reads reads;
    private final Transactions transactions;
    private final Supplier<Optional<Wallet>> wallets;
    private final InstantSource clock;
    private final Map<Bytes, Flight> flights = new ConcurrentHashMap<>();

    private enum Stage {
        CHECKING,
        SENDING,
        ABANDONED
    }

    private static final class Flight {
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.CHECKING);
        private final CompletableFuture<Redemption> result = new CompletableFuture<>();
        private volatile Thread thread;
        private volatile boolean sent;
    }

    /** The contract refuses, or it is not worth it. */
    private static final class No extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Refused refused;

        private No(Reason reason, String message) {
            super(message);
            refused = new Refused(reason, message);
        }
    }

    Redeemer(
            Chain chain,
            Follower follower,
            Reads reads,
            Transactions transactions,
            Supplier<Optional<Wallet>> wallets,
            InstantSource clock) {
        this.chain = chain;
        this.follower = follower;
        this.reads = reads;
        this.transactions = transactions;
        this.wallets = wallets;
        this.clock = clock;
    }

    Redemption redeem(WinningTicket winner, Deadline deadline) {
        Bytes hash;
        try {
            hash = winner.hash();
        } catch (IllegalArgumentException e) {
            return new Refused(Reason.INVALID, e.getMessage());
        }
        Flight flight = flights.get(hash);
        if (flight == null) {
            Optional<Wallet> wallet = wallets.get().filter(w -> !w.address().equals(Address.NONE));
            if (wallet.isEmpty()) {
                return new Refused(Reason.NOT_NOW, "there is no account to send from");
            }
            if (flights.size() >= MAX_FLIGHTS) {
                return new Refused(Reason.NOT_NOW, MAX_FLIGHTS + " tickets are being redeemed");
            }
            Flight own = new Flight();
            flight = flights.putIfAbsent(hash, own);
            if (flight == null) {
                flight = own;
                own.thread = Thread.ofVirtual()
                        .name("arbitrum-redeem")
                        .start(() -> fly(own, hash, winner, wallet.get(), deadline));
            }
        }
        return await(flight, deadline);
    }

    private Redemption await(Flight flight, Deadline deadline) {
        try {
            return flight.result.get(Math.max(1, deadline.remaining(clock).toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return left(flight, "no receipt came in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return left(flight, "interrupted while waiting for the receipt", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Fault fault) {
                throw new Fault(fault.consequence(), fault.getMessage(), fault);
            }
            throw new Fault(Fault.Consequence.RETRY_HERE, "redeeming failed: " + e.getCause(), e.getCause());
        }
    }

    private static Redemption left(Flight flight, String message, Exception cause) {
        if (flight.stage.compareAndSet(Stage.CHECKING, Stage.ABANDONED)) {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the ticket could not be checked in time", cause);
        }
        return new NotKnown(message);
    }

    private void fly(Flight flight, Bytes hash, WinningTicket winner, Wallet wallet, Deadline deadline) {
        try {
            Redemption redemption = story(flight, hash, winner, wallet, deadline);
            follower.wake();
            flights.remove(hash, flight);
            flight.result.complete(redemption);
        } catch (InterruptedException | RuntimeException e) {
            flights.remove(hash, flight);
            if (flight.sent) {
                flight.result.complete(new NotKnown("it is not followed any more: " + e.getMessage()));
            } else {
                flight.result.completeExceptionally(
                        e instanceof Fault ? e : new Fault(Fault.Consequence.RETRY_HERE, "redeeming ended: " + e, e));
            }
        }
    }

    private Redemption story(Flight flight, Bytes hash, WinningTicket winner, Wallet wallet, Deadline deadline)
            throws InterruptedException {
        Address broker = follower.head().contracts().broker();
        String call = Abi.redeem(winner);
        try {
            check(hash, winner, deadline);
            BigInteger gas = estimate(winner, wallet, broker, call, deadline);
            if (!flight.stage.compareAndSet(Stage.CHECKING, Stage.SENDING)) {
                throw new Fault(Fault.Consequence.RETRY_HERE, "nobody waits for it any more");
            }
            // What is not used is not paid for; the state may have changed a little until it is in a block.
            BigInteger limit = gas.add(gas.divide(BigInteger.valueOf(5)));
            Transactions.Order order = new Transactions.Order(broker, call, BigInteger.ZERO, limit);
            Transactions.Sent sent = transactions.send(wallet, order, deadline);
            flight.sent = true;
            Receipt receipt = sent.await();
            return receipt.success() ? paid(receipt, winner.ticket(), broker) : failed(receipt, wallet, broker, call);
        } catch (No no) {
            return no.refused;
        } catch (Transactions.Rejected e) {
            return new Refused(Reason.NOT_NOW, e.getMessage());
        }
    }

    /** See {@link io.millrace.api.payment.Settlement#objection}. */
    Optional<Refused> objection(WinningTicket winner, Deadline deadline) {
        try {
            check(winner.hash(), winner, deadline);
            return Optional.empty();
        } catch (No no) {
            return Optional.of(no.refused);
        } catch (IllegalArgumentException e) {
            return Optional.of(new Refused(Reason.INVALID, e.getMessage()));
        }
    }

    /** What can be known without asking the contract, which says the rest when the gas is estimated. */
    private void check(Bytes hash, WinningTicket winner, Deadline deadline) throws No {
        Ticket ticket = winner.ticket();
        Head head = follower.head();
        if (!head.roundInitialized()) {
            throw new No(Reason.NOT_NOW, "current round is not initialized");
        }
        if (ticket.auxData().isEmpty()) {
            throw new No(Reason.INVALID, "invalid length for ticket auxData: must be 64 bytes");
        }
        if (winner.recipientRand().size() != Keccak256.LENGTH) {
            throw new No(Reason.INVALID, "recipientRand does not match recipientRandHash");
        }
        if (reads.number(head.contracts().broker(), deadline, "usedTickets", hash).signum() != 0) {
            throw new No(Reason.USED, "ticket is used");
        }
        if (ticket.params().creationRound() + head.rounds().validity() <= head.round()) {
            throw new No(Reason.EXPIRED, "ticket is expired");
        }
        SenderFunds funds = reads.funds(ticket.sender(), ticket.params().recipient(), deadline);
        if (funds.withdrawRound() != 0 && funds.withdrawRound() <= head.round()) {
            throw new No(Reason.FUNDS, "sender is unlocked");
        }
        if (funds.deposit().equals(Wei.ZERO) && funds.reserve().equals(Wei.ZERO)) {
            throw new No(Reason.FUNDS, "sender deposit and reserve are zero");
        }
    }

    /** The contract burns a ticket that it can pay nothing for, so that this is looked at too. */
    private BigInteger estimate(WinningTicket winner, Wallet wallet, Address broker, String call, Deadline deadline)
            throws No {
        BigInteger gas;
        try {
            gas = chain.estimate(wallet.address(), broker, call, BigInteger.ZERO, deadline);
        } catch (RpcError e) {
            throw no(e);
        }
        Ticket ticket = winner.ticket();
        Wei deposit = reads.funds(ticket.sender(), ticket.params().recipient(), deadline).deposit();
        BigInteger claimable = reads.number(
                broker, deadline, "claimableReserve", ticket.sender(), ticket.params().recipient());
        BigInteger payable = ticket.params().faceValue().min(deposit.amount().add(claimable));
        BigInteger cost = gas.multiply(follower.head().gasPrice().amount());
        if (payable.signum() == 0 && ticket.params().faceValue().signum() != 0) {
            throw new No(Reason.FUNDS, "the sender's deposit is empty and nothing of its reserve can be claimed");
        }
        if (cost.compareTo(payable) >= 0) {
            throw new No(Reason.NOT_NOW, "it would pay " + payable + " wei and cost " + cost + " wei of gas");
        }
        return gas;
    }

    private static No no(RpcError error) {
        String message = Abi.reason(error);
        return new No(reason(message), message);
    }

    /** What it means for a ticket; what is not known may pass. */
    static Reason reason(String message) {
        return REASONS.entrySet().stream()
                .filter(entry -> message.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Reason.NOT_NOW);
    }

    /** Looks through the blocks from the newest back, for as long as a ticket may be old. */
    Optional<Paid> settled(WinningTicket winner, Deadline deadline) {
        Ticket ticket = winner.ticket();
        Head head = follower.head();
        Address broker = head.contracts().broker();
        long last = Math.max(0, head.block().number() - MAX_AGE);
        long range = LOOK_BACK;
        long to = head.block().number();
        while (to >= last && !deadline.expired(clock)) {
            long from = Math.max(last, to - range + 1);
            try {
                for (Chain.Log log : chain.logs(
                        from, to, broker, REDEEMED, ticket.sender(), ticket.params().recipient(), deadline)) {
                    if (isOf(log, winner)) {
                        Optional<Receipt> receipt = chain.receipt(log.transaction(), deadline);
                        return receipt.map(its -> paid(its, ticket, broker))
                                .filter(Paid.class::isInstance)
                                .map(Paid.class::cast)
                                .map(paid -> isOurs(receipt.get()) ? paid : new Paid(paid.transaction(), paid.amount()));
                    }
                }
            } catch (RpcError e) {
                if (range == 1) {
                    throw Chain.unread(e);
                }
                range = Math.max(1, range / 10);
                continue;
            }
            to = from - 1;
        }
        return Optional.empty();
    }

    /** Whether this node's account paid the gas, such as before a restart. */
    private boolean isOurs(Receipt receipt) {
        return wallets.get().filter(wallet -> wallet.address().equals(receipt.sender())).isPresent();
    }

    /** (faceValue, winProb, senderNonce, recipientRand, auxData), the last one as its place, its length and two words. */
    private static boolean isOf(Chain.Log log, WinningTicket winner) {
        List<BigInteger> words = Abi.words(log.data(), REDEEMED_WORDS);
        return words.get(2).equals(BigInteger.valueOf(winner.ticket().nonce()))
                && words.get(3).equals(new BigInteger(1, winner.recipientRand().unsafeArray()));
    }

    private static Redemption paid(Receipt receipt, Ticket ticket, Address broker) {
        List<Chain.Log> own = receipt.logs().stream()
                .filter(log -> log.contract().equals(broker) && log.topics().size() > 2)
                .filter(log -> log.address(1).equals(ticket.sender())
                        && log.address(2).equals(ticket.params().recipient()))
                .toList();
        if (own.stream().noneMatch(log -> log.is(REDEEMED))) {
            return new NotKnown("the receipt of transaction 0x" + receipt.transaction().hex() + " says nothing of it");
        }
        // It transfers nothing when there is nothing left.
        BigInteger amount = own.stream()
                .filter(log -> log.is(TRANSFER))
                .map(log -> Abi.words(log.data(), 1).getFirst())
                .reduce(BigInteger.ZERO, BigInteger::add);
        return new Paid(receipt.transaction(), new Wei(amount), new Wei(receipt.gasCost()));
    }

    /** It is in a block and did nothing: the state had changed since it was checked. The same call now says how. */
    private Redemption failed(Receipt receipt, Wallet wallet, Address broker, String call) {
        String transaction = "transaction 0x" + receipt.transaction().hex() + " failed";
        Optional<Failed> failed = Optional.of(new Failed(receipt.transaction(), new Wei(receipt.gasCost())));
        try {
            chain.estimate(
                    wallet.address(), broker, call, BigInteger.ZERO, Deadline.in(Duration.ofSeconds(10), clock));
        } catch (RpcError e) {
            Refused refused = no(e).refused;
            return new Refused(refused.reason(), refused.message() + " (" + transaction + ")", failed);
        } catch (Fault e) {
            return new Refused(Reason.NOT_NOW, transaction + "; why is not known: " + e.getMessage(), failed);
        }
        return new Refused(Reason.NOT_NOW, transaction, failed);
    }

    @Override
    public void close() {
        flights.values().forEach(flight -> {
            Thread thread = flight.thread;
            if (thread != null) {
                thread.interrupt();
            }
        });
    }
}
