package io.millrace.arbitrum;

import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.Chain.Receipt;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends transactions that were signed elsewhere. None of them can be replaced here: who waits for one sends it again. */
final class Presigned {

    /** How often a receipt is asked for, while no block is seen. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration SEEN = Duration.ofSeconds(20);

    private final Chain chain;
    private final Follower follower;
    private final InstantSource clock;

    Presigned(Chain chain, Follower follower, InstantSource clock) {
        this.chain = chain;
        this.follower = follower;
        this.clock = clock;
    }

    /** All are looked at before the first one is sent; each is sent when the one before is in a block. */
    Outcome send(List<Bytes> signed, List<Address> signers, Deadline deadline) {
        if (signed.isEmpty()) {
            return new Outcome.Nothing("no transaction is there");
        }
        List<SignedTransaction> transactions = new ArrayList<>();
        for (Bytes raw : signed) {
            try {
                transactions.add(checked(raw, signers));
            } catch (IllegalArgumentException e) {
                return new Outcome.Refused("transaction " + (transactions.size() + 1) + ": " + e.getMessage());
            }
        }
        List<Bytes> done = new ArrayList<>();
        try {
            return sendEach(transactions, done, deadline);
        } catch (RpcError e) {
            return new Outcome.Refused((done.isEmpty() ? "" : "after " + done.size() + " of them: ") + Abi.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.NotKnown("interrupted while waiting for it");
        }
    }

    private SignedTransaction checked(Bytes raw, List<Address> signers) {
        SignedTransaction transaction = SignedTransaction.read(raw);
        if (!transaction.chainId().equals(BigInteger.valueOf(chain.rpc().chainId()))) {
            throw new IllegalArgumentException(
                    "it is for the chain " + transaction.chainId() + ", and this is " + chain.rpc().chainId());
        }
        if (!signers.contains(transaction.from())) {
            throw new IllegalArgumentException("it is signed by account " + transaction.from().checksummed() + ", and not by "
                    + signers.getFirst().checksummed());
        }
        return transaction;
    }

    private Outcome sendEach(List<SignedTransaction> transactions, List<Bytes> done, Deadline deadline)
            throws RpcError, InterruptedException {
        BigInteger cost = BigInteger.ZERO;
        for (SignedTransaction transaction : transactions) {
            Optional<Receipt> receipt = chain.receipt(transaction.hash(), deadline);
            if (receipt.isEmpty()) {
                send(transaction, deadline);
            }
            while (receipt.isEmpty() && !deadline.expired(clock)) {
                follower.awaitNext(LOOK);
                receipt = chain.receipt(transaction.hash(), deadline);
            }
            if (receipt.isEmpty()) {
                return new Outcome.NotKnown("transaction 0x" + transaction.hash().hex()
                        + " is in no block yet; send the same again to wait for it");
            }
            done.add(transaction.hash());
            cost = cost.add(receipt.get().gasCost());
            follower.awaitBlock(receipt.get().block(), SEEN);
            if (!receipt.get().success()) {
                return new Outcome.Refused("transaction 0x" + transaction.hash().hex() + " failed");
            }
        }
        return new Outcome.Done(List.copyOf(done), new Wei(cost));
    }

    private void send(SignedTransaction transaction, Deadline deadline) throws RpcError {
        try {
            chain.rpc().call(deadline, "eth_sendRawTransaction", "0x" + transaction.raw().hex());
        } catch (RpcError e) {
            if (!Transactions.isKnown(e.getMessage())) {
                throw e;
            }
        }
    }
}
