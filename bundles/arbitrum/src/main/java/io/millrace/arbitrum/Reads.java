package io.millrace.arbitrum;

import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Asks for state after the newest block that was seen, and keeps the answers with that block. */
final class Reads {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Chain chain;
    private final Follower follower;
    private final InstantSource clock;

    /** What is asked of the state after one block. */
    interface Question<T> {
        T ask(Head head) throws RpcError;
    }

    Reads(Chain chain, Follower follower, InstantSource clock) {
        this.chain = chain;
        this.follower = follower;
        this.clock = clock;
    }

    SenderFunds funds(Address sender, Address claimant, Deadline deadline) {
        follower.asked(sender);
        return asking(deadline, head -> {
            Head.FundsKey key = new Head.FundsKey(sender, claimant);
            SenderFunds known = head.funds().get(key);
            if (known == null) {
                known = read(head, key, deadline);
                if (head.funds().size() < Head.MAX_KEPT) {
                    head.funds().put(key, known);
                }
            }
            return known;
        });
    }

    boolean isActive(Address orchestrator, Deadline deadline) {
        return asking(deadline, head -> {
            Boolean known = head.active().get(orchestrator);
            if (known == null) {
                known = chain.number(
                                        head.block().hash(),
                                        head.contracts().bonding(),
                                        deadline,
                                        "isActiveTranscoder",
                                        orchestrator)
                                .signum()
                        != 0;
                if (head.active().size() < Head.MAX_KEPT) {
                    head.active().put(orchestrator, known);
                }
            }
            return known;
        });
    }

    /** A number that a contract answers, which is not kept. */
    BigInteger number(Address contract, Deadline deadline, String function, Object... arguments) {
        return asking(deadline, head -> chain.number(head.block().hash(), contract, deadline, function, arguments));
    }

    /** What a contract answers, of whatever form, which is not kept. */
    String answer(Address contract, Deadline deadline, String function, Object... arguments) {
        return asking(
                deadline,
                head -> chain.call(head.block().hash(), contract, Abi.call(function, arguments), deadline));
    }

    /** A contract that the Controller knows. */
    Address contract(String name, Deadline deadline) {
        return asking(
                deadline,
                head -> chain.contract(head.block().hash(), head.contracts().controller(), name, deadline)
                        .orElseThrow(() -> new Fault(
                                Fault.Consequence.RETRY_HERE, "the Controller knows no " + name)));
    }

    SenderFunds read(Head head, Head.FundsKey key, Deadline deadline) throws RpcError {
        Address broker = head.contracts().broker();
        // (deposit, withdrawRound), (fundsRemaining, claimedInCurrentRound)
        List<BigInteger> words = Abi.words(
                chain.call(head.block().hash(), broker, Abi.call("getSenderInfo", key.sender()), deadline), 4);
        BigInteger claimed = key.claimant().equals(Address.NONE)
                ? BigInteger.ZERO
                : chain.number(head.block().hash(), broker, deadline, "claimedReserve", key.sender(), key.claimant());
        if (words.get(1).bitLength() >= Long.SIZE) {
            throw Rpc.undecodable("a withdraw round is beyond reason");
        }
        return new Head.Funds(
                new Wei(words.get(0)),
                new Wei(words.get(2)),
                new Wei(words.get(3)),
                new Wei(claimed),
                words.get(1).longValueExact());
    }

    /** Nodes forget the state of older blocks, and of those that were dropped: then the newest one is waited for. */
    <T> T asking(Deadline deadline, Question<T> question) {
        Head head = follower.head();
        try {
            return question.ask(head);
        } catch (RpcError e) {
            if (e.isRevert() || deadline.expired(clock)) {
                throw Chain.unread(e);
            }
        }
        follower.wake();
        try {
            Duration left = deadline.remaining(clock);
            follower.await(head, left.compareTo(PATIENCE) < 0 ? left : PATIENCE);
            return question.ask(follower.head());
        } catch (RpcError e) {
            throw Chain.unread(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Consequence.GIVE_UP, "interrupted while waiting for the chain", e);
        }
    }
}
