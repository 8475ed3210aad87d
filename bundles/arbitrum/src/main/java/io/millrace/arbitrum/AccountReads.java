package io.millrace.arbitrum;

import io.millrace.api.payment.ChainAccount.Delegation;
import io.millrace.api.payment.ChainAccount.OrchestratorState;
import io.millrace.api.payment.ChainAccount.Protocol;
import io.millrace.api.payment.ChainAccount.State;
import io.millrace.api.payment.ChainAccount.UnbondingLock;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads what an account is, what the network's rules are and who is in the pool: each of them of one block. */
final class AccountReads {

    /** Questions to the chain's node at once, about the orchestrators of the pool. */
    private static final int AT_ONCE = 8;

    /** Orchestrators of the pool, and unbondings of an account, that are asked for at most; the newest ones of these. */
    private static final int MAX = 1000;

    private static final List<String> CONTRACTS = List.of(
            "LivepeerToken",
            "LivepeerTokenFaucet",
            "TicketBroker",
            "RoundsManager",
            "BondingManager",
            "Minter",
            "ServiceRegistry");

    private final Chain chain;
    private final Reads reads;

    /** A contract in the state after one block. */
    private final class At {
        private final Head head;
        private final Address contract;
        private final Deadline deadline;

        private At(Head head, Address contract, Deadline deadline) {
            this.head = head;
            this.contract = contract;
            this.deadline = deadline;
        }

        private At(Head head, String contract, Deadline deadline) throws RpcError {
            this(head, named(head, contract, deadline)
                    .orElseThrow(() -> new Fault(Fault.Consequence.RETRY_HERE, "the Controller knows no " + contract)),
                    deadline);
        }

        private String answer(String function, Object... arguments) throws RpcError {
            return chain.call(head.block().hash(), contract, Abi.call(function, arguments), deadline);
        }

        private BigInteger number(String function, Object... arguments) throws RpcError {
            return Abi.words(answer(function, arguments), 1).getFirst();
        }

        private boolean yes(String function, Object... arguments) throws RpcError {
            return number(function, arguments).signum() != 0;
        }

        private Address address(String function, Object... arguments) throws RpcError {
            return Abi.address(answer(function, arguments));
        }
    }

    AccountReads(Chain chain, Reads reads) {
        this.chain = chain;
        this.reads = reads;
    }

    State read(Address account, Address orchestrator, Deadline deadline) {
        return reads.asking(deadline, head -> {
            At bonding = new At(head, head.contracts().bonding(), deadline);
            Delegation delegation = delegation(bonding, orchestrator, round(head, deadline));
            return new State(
                    new Wei(chain.balance(head.block().hash(), account, deadline)),
                    new At(head, "LivepeerToken", deadline).number("balanceOf", account),
                    reads.read(head, new Head.FundsKey(account, Address.NONE), deadline),
                    orchestrator(bonding, new At(head, "ServiceRegistry", deadline), orchestrator),
                    delegation,
                    locks(bonding, orchestrator, delegation.nextLock()));
        });
    }

    Protocol protocol(Deadline deadline) {
        return reads.asking(deadline, head -> {
            At bonding = new At(head, head.contracts().bonding(), deadline);
            At rounds = new At(head, head.contracts().rounds(), deadline);
            At minter = new At(head, "Minter", deadline);
            return new Protocol(
                    BigInteger.valueOf(chain.rpc().chainId()),
                    head.block().number(),
                    contracts(head, deadline),
                    rounds.number("currentRound"),
                    head.roundInitialized(),
                    rounds.yes("currentRoundLocked"),
                    rounds.number("roundLockAmount"),
                    bonding.number("getTranscoderPoolMaxSize"),
                    rounds.number("roundLength"),
                    bonding.number("unbondingPeriod"),
                    new At(head, head.contracts().broker(), deadline).number("unlockPeriod"),
                    minter.number("inflation"),
                    minter.number("inflationChange"),
                    minter.number("targetBondingRate"),
                    bonding.number("getTotalBonded"),
                    // of this chain and the one below it, between which tokens move
                    minter.number("getGlobalTotalSupply"),
                    new At(head, head.contracts().controller(), deadline).yes("paused"));
        });
    }

    /** The contract keeps them as a list, of which each member is asked for the next one. */
    List<OrchestratorState> pool(Deadline deadline) {
        return reads.asking(deadline, head -> {
            At bonding = new At(head, head.contracts().bonding(), deadline);
            At registry = new At(head, "ServiceRegistry", deadline);
            List<Future<OrchestratorState>> asked = new ArrayList<>();
            ExecutorService threads =
                    Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("arbitrum-pool").factory());
            try {
                Address next = bonding.address("getFirstTranscoderInPool");
                while (!next.equals(Address.NONE)) {
                    Address member = next;
                    if (asked.size() == MAX) {
                        throw Rpc.undecodable("the pool is larger than " + MAX);
                    }
                    asked.add(threads.submit(() -> orchestrator(bonding, registry, member)));
                    next = bonding.address("getNextTranscoderInPool", member);
                }
                List<OrchestratorState> pool = new ArrayList<>();
                for (Future<OrchestratorState> future : asked) {
                    pool.add(answer(future));
                }
                return pool;
            } finally {
                threads.shutdownNow();
            }
        });
    }

    private static OrchestratorState answer(Future<OrchestratorState> future) throws RpcError {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Consequence.GIVE_UP, "interrupted while waiting for the chain", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RpcError error -> throw error;
                case Fault fault -> throw fault;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private Optional<Address> named(Head head, String name, Deadline deadline) throws RpcError {
        return chain.contract(head.block().hash(), head.contracts().controller(), name, deadline);
    }

    private BigInteger round(Head head, Deadline deadline) throws RpcError {
        return new At(head, head.contracts().rounds(), deadline).number("currentRound");
    }

    private Map<String, Address> contracts(Head head, Deadline deadline) throws RpcError {
        Map<String, Address> contracts = new LinkedHashMap<>();
        contracts.put("Controller", head.contracts().controller());
        for (String name : CONTRACTS) {
            named(head, name, deadline).ifPresent(address -> contracts.put(name, address));
        }
        return contracts;
    }

    private static OrchestratorState orchestrator(At bonding, At registry, Address account) throws RpcError {
        // (lastRewardRound, rewardCut, feeShare, lastActiveStakeUpdateRound, activationRound, deactivationRound, ...)
        List<BigInteger> words = Abi.words(bonding.answer("getTranscoder", account), 10);
        return new OrchestratorState(
                account,
                bonding.yes("transcoderStatus", account),
                bonding.yes("isActiveTranscoder", account),
                Abi.text(registry.answer("getServiceURI", account)),
                words.get(0),
                words.get(1),
                words.get(2),
                bonding.number("transcoderTotalStake", account),
                words.get(4),
                words.get(5),
                words.get(3));
    }

    private static Delegation delegation(At bonding, Address account, BigInteger round) throws RpcError {
        // (bondedAmount, fees, delegateAddress, delegatedAmount, startRound, lastClaimRound, nextUnbondingLockId)
        List<BigInteger> words = Abi.words(bonding.answer("getDelegator", account), 7);
        int phase = bonding.number("delegatorStatus", account).intValue();
        if (phase < 0 || phase >= Delegation.Phase.values().length) {
            throw Rpc.undecodable("a delegator has a status that does not exist");
        }
        return new Delegation(
                Delegation.Phase.values()[phase],
                words.get(0),
                new Wei(words.get(1)),
                Abi.address(words.get(2)),
                words.get(3),
                words.get(4),
                words.get(5),
                words.get(6),
                bonding.number("pendingStake", account, round),
                new Wei(bonding.number("pendingFees", account, round)));
    }

    private static List<UnbondingLock> locks(At bonding, Address account, BigInteger next) throws RpcError {
        List<UnbondingLock> locks = new ArrayList<>();
        if (next.bitLength() >= Integer.SIZE) {
            throw Rpc.undecodable("an account has more unbondings than there can be");
        }
        for (long number = Math.max(0, next.longValue() - MAX); number < next.longValue(); number++) {
            // (amount, withdrawRound), zeroes when it was used
            List<BigInteger> words = Abi.words(bonding.answer("getDelegatorUnbondingLock", account, number), 2);
            if (words.get(1).signum() > 0) {
                locks.add(new UnbondingLock(number, words.get(0), words.get(1)));
            }
        }
        return locks;
    }
}
