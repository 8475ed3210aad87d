package io.millrace.api.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What the node's account is and does on the chain itself: stake, register, call rewards, set funds aside and take
 * them back. Whatever changes the chain begins with a {@link Plan}, which says what would be done and what it costs,
 * and sends nothing. Tickets are the matter of {@link Settlement}. Each read is of one block; amounts of LPT are in its
 * smallest unit, 10^-18; shares are of a million. Every call ends by its deadline. Thread-safe.
 */
@ConsumerType
public interface ChainAccount {

    /** The account; {@link Address#NONE} while there is none. The call waits for nobody. */
    Address address();

    /**
     * The orchestrator whose stake, registration and fees are meant: {@link Wallet#orchestrator()}. Where it is another
     * account than {@link #address()}, this node cannot sign for it: plans that take its key are refused, and can be
     * written out. The call waits for nobody.
     */
    default Address orchestrator() {
        return address();
    }

    /**
     * Reads what the account has, and what its orchestrator is.
     *
     * @throws io.millrace.api.value.Fault when that is not known, or there is no account
     */
    State read(Deadline deadline);

    /**
     * Reads the rules and the state of the network, which are the same for all accounts.
     *
     * @throws io.millrace.api.value.Fault when that is not known
     */
    Protocol protocol(Deadline deadline);

    /**
     * Reads the orchestrators that are to be active in the next round, the one with the greatest stake first. It takes
     * several questions to the chain for each of them.
     *
     * @throws io.millrace.api.value.Fault when that is not known
     */
    List<OrchestratorState> pool(Deadline deadline);

    /**
     * What would be done, and what it costs. Nothing is sent. The plan for what is done already says so.
     *
     * @throws io.millrace.api.value.Fault when the chain cannot be reached, or there is no account
     */
    Plan plan(Action action, Deadline deadline);

    /**
     * Does what was planned and waits for the last block; reads and plans made after that know of it. A plan is
     * carried out once, however often that is asked for: who asks again waits for the same. What was begun goes on
     * when the waiting ends.
     *
     * @param plan one that this account has made
     * @throws io.millrace.api.value.Fault when the chain cannot be reached: nothing was sent
     */
    Outcome carryOut(Plan plan, Deadline deadline);

    /**
     * The transactions of a plan, to be signed elsewhere and sent in their order. Nothing is sent. Gas is as planned
     * and a fifth more, the price has room for one that doubles. They hold as long as nobody sends anything else for
     * the account that signs them.
     *
     * @param plan one that this account has made
     * @return none when nothing is to be done, or the contracts would refuse it
     * @throws io.millrace.api.value.Fault when the chain cannot be reached
     */
    List<Unsigned> unsigned(Plan plan, Deadline deadline);

    /**
     * Sends transactions that were signed elsewhere for {@link #orchestrator()} or {@link #address()}, one after the
     * other, each when the one before is in a block. One that is in a block already is not sent again.
     *
     * @param signed each as it goes into a block, of the type of EIP-1559
     * @throws io.millrace.api.value.Fault when the chain cannot be reached; what was sent before stays sent
     */
    Outcome send(List<Bytes> signed, Deadline deadline);

    /**
     * A transaction that nobody has signed.
     *
     * @param what it does, in a sentence for a person
     * @param from the account whose key signs it
     * @param gas units at most
     * @param maxFee wei for a unit of gas at most, base fee and tip together
     * @param maxPriorityFee wei of that for the tip
     */
    record Unsigned(
            String what,
            Address from,
            Address to,
            Bytes data,
            Wei value,
            BigInteger chainId,
            long nonce,
            BigInteger gas,
            Wei maxFee,
            Wei maxPriorityFee) {}

    /**
     * What an account has, and what its orchestrator is.
     *
     * @param balance what the account can send
     * @param tokens LPT that the account can send
     * @param funds what the account has set aside to pay with
     * @param orchestrator what {@link #orchestrator()} is
     * @param delegation what {@link #orchestrator()} has staked
     * @param locks what is being unbonded, or can be withdrawn, by number
     */
    record State(
            Wei balance,
            BigInteger tokens,
            Settlement.SenderFunds funds,
            OrchestratorState orchestrator,
            Delegation delegation,
            List<UnbondingLock> locks) {}

    /**
     * What an account is as an orchestrator; zeroes for one that never was.
     *
     * @param registered whether it has a stake with itself
     * @param active whether it is in the active set of the current round, and is paid
     * @param serviceUri where gateways find it, as the registry has it; empty when it never said so
     * @param rewardCut what it keeps of rewards, of a million
     * @param feeShare what it gives away of fees, of a million
     * @param stake LPT of itself and others
     * @param deactivationRound the round from which on it is not active; 2^256 - 1 while there is no such round
     * @param stakeRound the round in which the stake that counts for rewards changed last
     */
    record OrchestratorState(
            Address address,
            boolean registered,
            boolean active,
            String serviceUri,
            BigInteger lastRewardRound,
            BigInteger rewardCut,
            BigInteger feeShare,
            BigInteger stake,
            BigInteger activationRound,
            BigInteger deactivationRound,
            BigInteger stakeRound) {}

    /**
     * What an account has staked.
     *
     * @param bonded LPT that it has staked, as of the last claim
     * @param fees that it has earned, as of the last claim
     * @param delegate with whom it has staked; {@link Address#NONE} for nobody
     * @param delegated LPT that others, and it itself, have staked with it
     * @param nextLock the number that the next unbonding gets
     * @param pendingStake LPT that it has staked, with the rewards since the last claim
     * @param pendingFees fees that it may withdraw
     */
    record Delegation(
            Phase phase,
            BigInteger bonded,
            Wei fees,
            Address delegate,
            BigInteger delegated,
            BigInteger startRound,
            BigInteger lastClaimRound,
            BigInteger nextLock,
            BigInteger pendingStake,
            Wei pendingFees) {

        /** Whether the stake counts. */
        public enum Phase {
            /** From the next round on. */
            PENDING,
            /** It does. */
            BONDED,
            /** There is none. */
            UNBONDED
        }
    }

    /** LPT that are being unbonded, and from which round on they can be withdrawn. */
    record UnbondingLock(long number, BigInteger amount, BigInteger withdrawRound) {}

    /**
     * Rules and state of the network.
     *
     * @param chainId of the chain
     * @param block number of the newest block that was seen, on its own chain
     * @param contracts where they are, by their names at the Controller; those that there are not are left out
     * @param round the round of the newest block, whether it is initialized or not
     * @param roundInitialized whether it is; until then no ticket can be redeemed and no reward be called
     * @param roundLocked whether orchestrators cannot change their shares until it ends
     * @param roundLock the part of a round at its end that is locked, of a million
     * @param poolMaxSize orchestrators in the active set at most
     * @param roundLength blocks of layer 1
     * @param unbondingPeriod rounds until unbonded stake can be withdrawn
     * @param unlockPeriod rounds until unlocked funds can be withdrawn
     * @param inflation of a round, of a thousand million
     * @param inflationChange how much it changes with each round, of a thousand million
     * @param targetBondingRate the part of all LPT that should be staked, of a thousand million
     * @param totalBonded LPT that are staked
     * @param totalSupply LPT that there are
     * @param paused whether the contracts refuse changes
     */
    record Protocol(
            BigInteger chainId,
            long block,
            Map<String, Address> contracts,
            BigInteger round,
            boolean roundInitialized,
            boolean roundLocked,
            BigInteger roundLock,
            BigInteger poolMaxSize,
            BigInteger roundLength,
            BigInteger unbondingPeriod,
            BigInteger unlockPeriod,
            BigInteger inflation,
            BigInteger inflationChange,
            BigInteger targetBondingRate,
            BigInteger totalBonded,
            BigInteger totalSupply,
            boolean paused) {}

    /** What an account can do. */
    sealed interface Action {

        /** Adds to the stake with an orchestrator, which may be the account itself; moves all of it from another one. */
        record Bond(BigInteger amount, Address orchestrator) implements Action {}

        /** Begins to take back a part of the stake. */
        record Unbond(BigInteger amount) implements Action {}

        /**
         * Stakes again what is being unbonded under this number.
         *
         * @param orchestrator with whom, where the account has no stake left; empty with whom the rest is
         */
        record Rebond(long lock, Optional<Address> orchestrator) implements Action {}

        /** Takes what was unbonded under this number. */
        record WithdrawStake(long lock) implements Action {}

        /**
         * Takes fees that were earned.
         *
         * @param amount empty for all
         */
        record WithdrawFees(Optional<Wei> amount) implements Action {}

        /** Sends LPT to another account. */
        record TransferTokens(BigInteger amount, Address to) implements Action {}

        /** Sets what an orchestrator keeps of rewards and gives away of fees, both of a million. */
        record SetCommission(int rewardCut, int feeShare) implements Action {}

        /** Names the address at which gateways find the orchestrator. */
        record SetServiceUri(URI uri) implements Action {}

        /** Calls the reward of the current round. */
        record Reward() implements Action {}

        /** Initializes the round of the newest block. */
        record InitializeRound() implements Action {}

        /** Adds to what a gateway has set aside, which ends an unlocking. */
        record Fund(Wei deposit, Wei reserve) implements Action {}

        /** Begins to unlock what is set aside. */
        record Unlock() implements Action {}

        /** Ends the unlocking. */
        record CancelUnlock() implements Action {}

        /** Takes back what is unlocked. */
        record Withdraw() implements Action {}
    }

    /** What would be done. An adapter implements it, and takes its own only. */
    @ConsumerType
    interface Plan {

        /** In a sentence for a person. */
        String what();

        /** The account whose key signs it. */
        Address signer();

        /** The transactions, each in a sentence. */
        List<String> steps();

        /** What is paid besides gas. */
        Wei value();

        /** About how much gas all of it takes. */
        BigInteger gas();

        /** What that costs at the price of now. */
        Wei gasCost();

        /**
         * Set when nothing would be sent: there is nothing to do, it would be refused, or this node cannot sign for the
         * signer.
         */
        Optional<Outcome> answer();
    }

    /** What became of a plan. */
    sealed interface Outcome {

        /** All of it is in blocks. */
        record Done(List<Bytes> transactions, Wei gasCost) implements Outcome {}

        /** It was so already. */
        record Nothing(String message) implements Outcome {}

        /** A contract refuses it, in its words, or it cannot be paid; what of it was done is said too. */
        record Refused(String message) implements Outcome {}

        /** It was sent, and is in no block yet: ask again with the same plan. */
        record NotKnown(String message) implements Outcome {}
    }
}
