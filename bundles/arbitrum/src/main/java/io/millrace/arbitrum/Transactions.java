package io.millrace.arbitrum;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.arbitrum.Chain.Receipt;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/**
 * Sends transactions and follows each until it is in a block. This is the one place that decides about the nonces of
 * an account: under a lock per account, the next one is the first from what the chain says on that no transaction of
 * here is on its way with. A transaction that was not taken leaves its nonce free, and one that a reorganisation has
 * dropped leaves no gap. Where it is not known whether one was taken, because the node did not answer, it counts as
 * sent and is sent again, the same bytes, until it is in a block or another took its place.
 */
final class Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private static final byte TYPE = 2;
    private static final int SIGNATURE_LENGTH = 65;
    private static final int LOWER_V = 27;
    /** Nodes that are a moment behind give a nonce that is taken already; the next ones are tried. */
    private static final int TRIES = 16;

    /** Looks at a transaction whose nonce is used, until another must have used it: receipts may come late. */
    private static final int LOOKS = 6;

    /** A node takes a replacement only when tip and cap are a tenth higher: go-livepeer's factor, 1.11. */
    private static final BigInteger RISE = BigInteger.valueOf(111);

    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    private final Chain chain;
    private final Follower follower;
    private final Duration rpcTimeout;
    private final Duration poll;
    private final Duration replaceAfter;
    private final int maxReplacements;
    private final Optional<Wei> maxGasPrice;
    private final InstantSource clock;
    private final Map<Address, Account> accounts = new ConcurrentHashMap<>();

    /** The nonces of one account; guarded by its lock. */
    private static final class Account {
        private final ReentrantLock lock = new ReentrantLock();
        private final Set<Long> onTheirWay = new HashSet<>();

        private long next(long from) {
            long next = from;
            while (onTheirWay.contains(next)) {
                next++;
            }
            return next;
        }

        private void arrived(long nonce) {
            lock.lock();
            try {
                onTheirWay.remove(nonce);
            } finally {
                lock.unlock();
            }
        }
    }

    /** What is to be done. */
    record Order(Address to, String data, BigInteger value, BigInteger gasLimit) {}

    /** What is offered for a unit of gas: {@code tip} of {@code cap} at most. */
    record Fees(BigInteger tip, BigInteger cap) {

        /** Whichever is more: what a replacement needs, or what is asked for now. */
        private Fees raised(Fees market) {
            return new Fees(raise(tip).max(market.tip), raise(cap).max(market.cap));
        }

        private static BigInteger raise(BigInteger fee) {
            return fee.multiply(RISE).add(HUNDRED).subtract(BigInteger.ONE).divide(HUNDRED).max(BigInteger.ONE);
        }
    }

    private record Signed(Bytes hash, String raw) {}

    /** A node will not take it, and says why: nothing was sent, and the nonce is still free. */
    static final class Rejected extends Exception {
        private static final long serialVersionUID = 1L;

        Rejected(String message) {
            super(message);
        }
    }

    /** A transaction that was sent, and those that replaced it; used by one thread. */
    final class Sent {
        private final Wallet wallet;
        private final Order order;
        private final long nonce;
        private final List<Signed> versions = new ArrayList<>();
        private Fees fees;

        private Sent(Wallet wallet, Order order, long nonce, Fees fees, Signed first) {
            this.wallet = wallet;
            this.order = order;
            this.nonce = nonce;
            this.fees = fees;
            versions.add(first);
        }

        /** The newest version. */
        Bytes hash() {
            return versions.getLast().hash();
        }

        /**
         * Waits until it is in a block.
         *
         * @throws Rejected when another transaction of the account took its place
         */
        Receipt await() throws InterruptedException, Rejected {
            try {
                return follow();
            } finally {
                accounts.get(wallet.address()).arrived(nonce);
            }
        }

        private Receipt follow() throws InterruptedException, Rejected {
            Instant due = clock.instant().plus(replaceAfter);
            int replacements = 0;
            int displaced = 0;
            while (true) {
                try {
                    Optional<Receipt> receipt = receipt();
                    if (receipt.isPresent()) {
                        return receipt.get();
                    }
                    // Some nodes know of a new block a moment before they have its receipts.
                    displaced = chain.transactions(wallet.address(), "latest", soon()) > nonce ? displaced + 1 : 0;
                    if (displaced > LOOKS) {
                        throw new Rejected("another transaction of " + wallet.address() + " took nonce " + nonce);
                    }
                    if (!clock.instant().isBefore(due)) {
                        due = clock.instant().plus(replaceAfter);
                        if (replacements < maxReplacements) {
                            replacements++;
                            replace(replacements);
                        } else {
                            chain.rpc().call(soon(), "eth_sendRawTransaction", versions.getLast().raw());
                        }
                    }
                } catch (RpcError e) {
                    LOG.debug("Transaction {}: {}", hash().hex(), e.getMessage());
                } catch (Fault e) {
                    LOG.debug("Transaction {} cannot be followed now: {}", hash().hex(), e.getMessage());
                }
                follower.awaitNext(poll);
            }
        }

        private Optional<Receipt> receipt() throws RpcError {
            for (Signed version : versions.reversed()) {
                Optional<Receipt> receipt = chain.receipt(version.hash(), soon());
                if (receipt.isPresent()) {
                    return receipt;
                }
            }
            return Optional.empty();
        }

        private void replace(int count) throws RpcError {
            try {
                fees = fees.raised(market());
            } catch (Rejected e) {
                LOG.info("Transaction {} is not replaced: {}", hash().hex(), e.getMessage());
                return;
            }
            Signed next = sign(wallet, order, nonce, fees);
            LOG.info(
                    "Transaction {} of nonce {} is in no block after {} s; replacement {} of {} offers {} wei",
                    hash().hex(),
                    nonce,
                    replaceAfter.toSeconds(),
                    count,
                    maxReplacements,
                    fees.cap());
            // Kept even when no answer comes: it may have been taken all the same.
            versions.add(next);
            chain.rpc().call(soon(), "eth_sendRawTransaction", next.raw());
        }
    }

    Transactions(Chain chain, Follower follower, ArbitrumSettlement.Settings settings, InstantSource clock) {
        this.chain = chain;
        this.follower = follower;
        this.rpcTimeout = settings.rpc().timeout();
        this.poll = settings.poll();
        this.replaceAfter = settings.replaceAfter();
        this.maxReplacements = settings.maxReplacements();
        this.maxGasPrice = settings.maxGasPrice();
        this.clock = clock;
    }

    /**
     * Sends one.
     *
     * @throws Rejected when nothing was sent
     * @throws Fault when the chain or the key cannot be reached: nothing was sent
     */
    Sent send(Wallet wallet, Order order, Deadline deadline) throws Rejected {
        Account account = accounts.computeIfAbsent(wallet.address(), unknown -> new Account());
        lock(account, deadline);
        try {
            Fees fees = market();
            String last = "";
            long from = chain.transactions(wallet.address(), "pending", deadline);
            for (int i = 0; i < TRIES; i++) {
                long nonce = account.next(from);
                Signed signed = sign(wallet, order, nonce, fees);
                try {
                    Bytes hash = Abi.hash(Chain.text(chain.rpc().call(deadline, "eth_sendRawTransaction", signed.raw())));
                    if (!hash.equals(signed.hash())) {
                        LOG.warn("The chain's node names transaction {} otherwise: {}", signed.hash().hex(), hash.hex());
                    }
                } catch (RpcError e) {
                    last = e.getMessage();
                    if (isTaken(last)) {
                        from = nonce + 1;
                        continue;
                    }
                    if (!isKnown(last)) {
                        throw new Rejected(last);
                    }
                } catch (Fault e) {
                    LOG.warn("It is not known whether transaction {} was taken: {}", signed.hash().hex(), e.getMessage());
                }
                account.onTheirWay.add(nonce);
                return new Sent(wallet, order, nonce, fees, signed);
            }
            throw new Rejected(last);
        } catch (RpcError e) {
            throw Chain.unread(e);
        } finally {
            account.lock.unlock();
        }
    }

    private void lock(Account account, Deadline deadline) {
        try {
            if (account.lock.tryLock(deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Fault(Fault.Consequence.RETRY_HERE, "other transactions of the account are being sent");
    }

    /** The nonce is another transaction's. */
    private static boolean isTaken(String message) {
        return message.contains("nonce too low") || message.contains("replacement transaction underpriced");
    }

    /** It was sent before, such as by a call whose answer was lost. */
    static boolean isKnown(String message) {
        return message.contains("already known") || message.contains("already imported");
    }

    /**
     * What the node recommends, with room for a base fee that doubles, as it does in six full blocks, and never more
     * than the operator pays. Its price is the base fee and a tip; Arbitrum's has none.
     *
     * @throws Rejected when gas costs more than that now
     */
    Fees market() throws RpcError, Rejected {
        BigInteger price = chain.gasPrice(soon());
        BigInteger base = chain.newest(soon()).baseFee().orElse(BigInteger.ZERO);
        BigInteger tip = price.subtract(base).max(BigInteger.ZERO);
        BigInteger cap = base.shiftLeft(1).add(tip);
        if (maxGasPrice.isEmpty()) {
            return new Fees(tip, cap);
        }
        BigInteger most = maxGasPrice.get().amount();
        if (price.compareTo(most) > 0) {
            throw new Rejected("gas costs " + price + " wei now, more than maxGasPrice, " + most + " wei");
        }
        return new Fees(tip.min(most), cap.min(most));
    }

    private Signed sign(Wallet wallet, Order order, long nonce, Fees fees) {
        List<RlpType> fields = new ArrayList<>(List.of(
                RlpString.create(chain.rpc().chainId()),
                RlpString.create(nonce),
                RlpString.create(fees.tip()),
                RlpString.create(fees.cap()),
                RlpString.create(order.gasLimit()),
                RlpString.create(order.to().bytes().toArray()),
                RlpString.create(order.value()),
                RlpString.create(Bytes.hex(order.data().substring(2)).toArray()),
                new RlpList()));
        byte[] signature = wallet.signDigest(Keccak256.of(encoded(fields))).toArray();
        if (signature.length != SIGNATURE_LENGTH) {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the wallet signed nothing");
        }
        fields.add(RlpString.create(signature[SIGNATURE_LENGTH - 1] - LOWER_V));
        fields.add(RlpString.create(new BigInteger(1, Arrays.copyOfRange(signature, 0, 32))));
        fields.add(RlpString.create(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))));
        byte[] raw = encoded(fields);
        return new Signed(Keccak256.of(raw), "0x" + Bytes.wrap(raw).hex());
    }

    /** EIP-2718: the type, then the fields of EIP-1559. */
    private static byte[] encoded(List<RlpType> fields) {
        byte[] list = RlpEncoder.encode(new RlpList(fields));
        byte[] typed = new byte[list.length + 1];
        typed[0] = TYPE;
        System.arraycopy(list, 0, typed, 1, list.length);
        return typed;
    }

    private Deadline soon() {
        return Deadline.in(rpcTimeout, clock);
    }
}
