package io.millrace.testkit;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An account on a chain of one process, alone with one other orchestrator. Rounds move when the test says so; actions
 * move stake, funds and tokens, and are refused as the contracts refuse them, in their words. Thread-safe.
 */
public final class InMemoryChainAccount implements ChainAccount {

    private static final BigInteger NEVER = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    private static final BigInteger REWARD = BigInteger.TEN.pow(18);
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final int UNBONDING = 7;
    private static final int UNLOCKING = 2;
    private static final BigInteger GAS = BigInteger.valueOf(100_000);

    private final Address address;
    private final Map<Bytes, Action> writtenOut = new LinkedHashMap<>();
    private Address orchestrator;
    private final Address other = new Address(Bytes.hex("11".repeat(Address.LENGTH)));
    private final TreeMap<Long, UnbondingLock> locks = new TreeMap<>();
    private long block = 1000;
    private long round = 1;
    private long initializedRound = 1;
    private boolean locked;
    private boolean reachable = true;
    private BigInteger gasPrice = BigInteger.TEN;
    private BigInteger balance = BigInteger.TEN.pow(20);
    private BigInteger tokens;
    private BigInteger deposit = BigInteger.ZERO;
    private BigInteger reserve = BigInteger.ZERO;
    private long withdrawRound;
    private BigInteger bonded = BigInteger.ZERO;
    private BigInteger fees = BigInteger.ZERO;
    private Address delegate = Address.NONE;
    private long startRound;
    private long nextLock;
    private int rewardCut;
    private int feeShare;
    private String serviceUri = "";
    private long activationRound;
    private long lastRewardRound;

    private record Funds(Wei deposit, Wei reserve, Wei claimedInRound, Wei claimedByClaimant, long withdrawRound)
            implements SenderFunds {}

    /** What an action would do; a refusal or that there is nothing to do is its answer. */
    private record Change(String what, Wei value, Optional<Outcome> answer, Runnable effect) {

        private static Change of(String what, Runnable effect) {
            return new Change(what, Wei.ZERO, Optional.empty(), effect);
        }

        private static Change nothing(String message) {
            return new Change(message, Wei.ZERO, Optional.of(new Outcome.Nothing(message)), () -> {});
        }

        private static Change refused(String message) {
            return new Change(message, Wei.ZERO, Optional.of(new Outcome.Refused(message)), () -> {});
        }
    }

    private static final class OwnPlan implements Plan {
        private final Action action;
        private final Address signer;
        private final Change change;
        private final Wei gasCost;
        private Outcome outcome;

        private OwnPlan(Action action, Address signer, Change change, Wei gasCost) {
            this.action = action;
            this.signer = signer;
            this.change = change;
            this.gasCost = gasCost;
        }

        @Override
        public String what() {
            return change.what();
        }

        @Override
        public Address signer() {
            return signer;
        }

        @Override
        public List<String> steps() {
            return change.answer().isPresent() ? List.of() : List.of(change.what());
        }

        @Override
        public Wei value() {
            return change.value();
        }

        @Override
        public BigInteger gas() {
            return change.answer().isPresent() ? BigInteger.ZERO : GAS;
        }

        @Override
        public Wei gasCost() {
            return gasCost;
        }

        @Override
        public Optional<Outcome> answer() {
            return change.answer();
        }
    }

    /** Round 1, which is initialized; 100 ETH, and so many tokens in the smallest unit of LPT. */
    public InMemoryChainAccount(Address address, BigInteger tokens) {
        this.address = address;
        this.orchestrator = address;
        this.tokens = tokens;
    }

    /** From now on it works for this orchestrator, whose key it does not have. */
    public synchronized void orchestrator(Address newOrchestrator) {
        orchestrator = newOrchestrator;
    }

    /** What the key of the signer, wherever it is, makes of a transaction. */
    public synchronized Bytes signed(Unsigned transaction) {
        return Keccak256.of(transaction.data());
    }

    /** The next round begins and is initialized. */
    public synchronized void nextRound() {
        endRound();
        initializedRound = round;
    }

    /** The round has ended, and nobody has initialized the next one. */
    public synchronized void endRound() {
        round++;
        block += 100;
        locked = false;
    }

    /** The round is in its last part, in which shares cannot be changed. */
    public synchronized void lockRound() {
        locked = true;
    }

    /** The account has earned this. */
    public synchronized void earn(Wei amount) {
        fees = fees.add(amount.amount());
    }

    /** From now on the chain can, or cannot, be reached. */
    public synchronized void reachable(boolean newReachable) {
        reachable = newReachable;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public synchronized Address orchestrator() {
        return orchestrator;
    }

    @Override
    public synchronized State read(Deadline deadline) {
        reach();
        if (address.equals(Address.NONE)) {
            throw new Fault(Fault.Consequence.GIVE_UP, "there is no account to send from");
        }
        return new State(
                new Wei(balance),
                tokens,
                new Funds(new Wei(deposit), new Wei(reserve), Wei.ZERO, Wei.ZERO, withdrawRound),
                state(),
                new Delegation(
                        phase(),
                        bonded,
                        new Wei(fees),
                        delegate,
                        registered() ? bonded : BigInteger.ZERO,
                        BigInteger.valueOf(startRound),
                        BigInteger.valueOf(initializedRound),
                        BigInteger.valueOf(nextLock),
                        bonded,
                        new Wei(fees)),
                List.copyOf(locks.values()));
    }

    @Override
    public synchronized Protocol protocol(Deadline deadline) {
        reach();
        Map<String, Address> contracts = new LinkedHashMap<>();
        for (String name : List.of("Controller", "LivepeerToken", "TicketBroker", "RoundsManager", "BondingManager", "Minter")) {
            contracts.put(name, contract(name));
        }
        return new Protocol(
                BigInteger.valueOf(31337),
                block,
                contracts,
                BigInteger.valueOf(round),
                initialized(),
                locked,
                BigInteger.valueOf(100_000),
                BigInteger.valueOf(100),
                BigInteger.valueOf(100),
                BigInteger.valueOf(UNBONDING),
                BigInteger.valueOf(UNLOCKING),
                BigInteger.valueOf(220_500),
                BigInteger.valueOf(500),
                BigInteger.valueOf(500_000_000),
                bonded.add(REWARD),
                BigInteger.TEN.pow(25),
                false);
    }

    @Override
    public synchronized List<OrchestratorState> pool(Deadline deadline) {
        reach();
        List<OrchestratorState> pool = new ArrayList<>();
        if (registered()) {
            pool.add(state());
        }
        pool.add(new OrchestratorState(
                other,
                true,
                true,
                "https://127.0.0.1:8935",
                BigInteger.ZERO,
                BigInteger.valueOf(100_000),
                BigInteger.valueOf(50_000),
                REWARD,
                BigInteger.ONE,
                NEVER,
                BigInteger.ONE));
        return pool;
    }

    @Override
    public synchronized Plan plan(Action action, Deadline deadline) {
        reach();
        Change change = change(action);
        Wei gasCost = change.answer().isPresent() ? Wei.ZERO : new Wei(GAS.multiply(gasPrice));
        if (change.answer().isEmpty() && balance.compareTo(change.value().plus(gasCost).amount()) < 0) {
            change = Change.refused("the account has " + new Wei(balance) + " and needs " + change.value().plus(gasCost));
            gasCost = Wei.ZERO;
        }
        Address signer = isOrchestrators(action) ? orchestrator : address;
        if (change.answer().isEmpty() && !signer.equals(address)) {
            Outcome refused = new Outcome.Refused("account " + signer.checksummed() + " has to sign it");
            change = new Change(change.what(), change.value(), Optional.of(refused), change.effect());
        }
        return new OwnPlan(action, signer, change, gasCost);
    }

    private static boolean isOrchestrators(Action action) {
        return switch (action) {
            case Action.Bond a -> true;
            case Action.Unbond a -> true;
            case Action.Rebond a -> true;
            case Action.WithdrawStake a -> true;
            case Action.WithdrawFees a -> true;
            case Action.SetCommission a -> true;
            case Action.SetServiceUri a -> true;
            case Action.Reward a -> true;
            default -> false;
        };
    }

    @Override
    public synchronized List<Unsigned> unsigned(Plan made, Deadline deadline) {
        reach();
        OwnPlan plan = (OwnPlan) made;
        if (change(plan.action).answer().isPresent()) {
            return List.of();
        }
        Bytes data = Bytes.utf8(plan.what());
        writtenOut.put(Keccak256.of(data), plan.action);
        return List.of(new Unsigned(
                plan.what(),
                plan.signer,
                contract("BondingManager"),
                data,
                plan.value(),
                BigInteger.valueOf(31337),
                0,
                GAS,
                new Wei(gasPrice),
                Wei.ZERO));
    }

    @Override
    public synchronized Outcome send(List<Bytes> signed, Deadline deadline) {
        reach();
        for (Bytes one : signed) {
            Action action = writtenOut.get(one);
            if (action == null) {
                return new Outcome.Refused("it is no signed transaction");
            }
            Change now = change(action);
            if (now.answer().isPresent()) {
                return now.answer().get();
            }
            now.effect().run();
            block++;
        }
        return new Outcome.Done(signed, new Wei(GAS.multiply(gasPrice)));
    }

    @Override
    public synchronized Outcome carryOut(Plan made, Deadline deadline) {
        if (!(made instanceof OwnPlan plan)) {
            throw new IllegalArgumentException("a plan of another account");
        }
        if (plan.answer().isPresent()) {
            return plan.answer().get();
        }
        if (plan.outcome == null) {
            reach();
            // what has changed since it was planned is seen by the contracts
            Change now = change(plan.action);
            if (now.answer().isPresent()) {
                String message = now.what();
                plan.outcome = new Outcome.Refused(message);
            } else {
                now.effect().run();
                block++;
                balance = balance.subtract(plan.gasCost.amount()).subtract(now.value().amount());
                plan.outcome = new Outcome.Done(List.of(Keccak256.of(Bytes.utf8("block " + block))), plan.gasCost);
            }
        }
        return plan.outcome;
    }

    private Change change(Action action) {
        return switch (action) {
            case Action.Bond bond -> bond(bond);
            case Action.Unbond unbond -> unbond(unbond.amount());
            case Action.Rebond rebond -> rebond(rebond);
            case Action.WithdrawStake withdraw -> withdrawStake(withdraw.lock());
            case Action.WithdrawFees withdraw -> withdrawFees(withdraw.amount());
            case Action.TransferTokens transfer -> transfer(transfer);
            case Action.SetCommission set -> setCommission(set);
            case Action.SetServiceUri set -> set.uri().toString().equals(serviceUri)
                    ? Change.nothing("it is found there already")
                    : Change.of("be found at " + set.uri(), () -> serviceUri = set.uri().toString());
            case Action.Reward reward -> reward();
            case Action.InitializeRound initialize -> initialized()
                    ? Change.nothing("round " + round + " is initialized")
                    : Change.of("initialize the round", () -> initializedRound = round);
            case Action.Fund fund -> new Change(
                    "add " + fund.deposit() + " to the deposit and " + fund.reserve() + " to the reserve",
                    fund.deposit().plus(fund.reserve()),
                    Optional.empty(),
                    () -> {
                        deposit = deposit.add(fund.deposit().amount());
                        reserve = reserve.add(fund.reserve().amount());
                        withdrawRound = 0;
                    });
            case Action.Unlock unlock -> unlock();
            case Action.CancelUnlock cancel -> withdrawRound == 0
                    ? Change.nothing("they are not being unlocked")
                    : Change.of("no longer unlock", () -> withdrawRound = 0);
            case Action.Withdraw withdraw -> withdraw();
        };
    }

    private Change bond(Action.Bond bond) {
        if (tokens.compareTo(bond.amount()) < 0) {
            return Change.refused("the account has too few LPT");
        }
        return uninitialized().orElseGet(() -> Change.of("stake with " + bond.orchestrator(), () -> {
            tokens = tokens.subtract(bond.amount());
            stake(bond.amount(), bond.orchestrator());
        }));
    }

    private void stake(BigInteger amount, Address with) {
        bonded = bonded.add(amount);
        if (!delegate.equals(with)) {
            delegate = with;
            startRound = round + 1;
            activationRound = with.equals(orchestrator) ? round + 1 : 0;
        }
    }

    private Change unbond(BigInteger amount) {
        if (bonded.compareTo(amount) < 0 || amount.signum() == 0) {
            return Change.refused("amount is greater than bonded amount");
        }
        return uninitialized().orElseGet(() -> Change.of("unbond " + amount, () -> {
            bonded = bonded.subtract(amount);
            locks.put(nextLock, new UnbondingLock(nextLock, amount, BigInteger.valueOf(round + UNBONDING)));
            nextLock++;
            if (bonded.signum() == 0) {
                delegate = Address.NONE;
                activationRound = 0;
            }
        }));
    }

    private Change rebond(Action.Rebond rebond) {
        UnbondingLock lock = locks.get(rebond.lock());
        if (lock == null) {
            return Change.nothing("nothing is unbonded as number " + rebond.lock());
        }
        if (rebond.orchestrator().isPresent() != (bonded.signum() == 0)) {
            return Change.refused(
                    bonded.signum() == 0 ? "caller must be bonded" : "caller must be unbonded");
        }
        return uninitialized().orElseGet(() -> Change.of("stake again " + lock.amount(), () -> {
            locks.remove(lock.number());
            stake(lock.amount(), rebond.orchestrator().orElse(delegate));
        }));
    }

    private Change withdrawStake(long number) {
        UnbondingLock lock = locks.get(number);
        if (lock == null) {
            return Change.nothing("nothing is unbonded as number " + number);
        }
        if (lock.withdrawRound().longValueExact() > round) {
            return Change.refused("withdraw round must be before or equal to the current round");
        }
        return uninitialized().orElseGet(() -> Change.of("withdraw " + lock.amount(), () -> {
            locks.remove(number);
            tokens = tokens.add(lock.amount());
        }));
    }

    private Change withdrawFees(Optional<Wei> some) {
        BigInteger amount = some.map(Wei::amount).orElse(fees);
        if (amount.signum() == 0) {
            return Change.nothing("there are no fees");
        }
        if (fees.compareTo(amount) < 0) {
            return Change.refused("insufficient fees to withdraw");
        }
        return Change.of("withdraw fees of " + amount, () -> {
            fees = fees.subtract(amount);
            balance = balance.add(amount);
        });
    }

    private Change transfer(Action.TransferTokens transfer) {
        return tokens.compareTo(transfer.amount()) < 0
                ? Change.refused("the account has too few LPT")
                : Change.of(
                        "send " + transfer.amount() + " to " + transfer.to(),
                        () -> tokens = tokens.subtract(transfer.amount()));
    }

    private Change setCommission(Action.SetCommission set) {
        if (set.rewardCut() == rewardCut && set.feeShare() == feeShare) {
            return Change.nothing("it does so already");
        }
        if (locked) {
            return Change.refused("can't update transcoder params, current round is locked");
        }
        if (!registered()) {
            return Change.refused("transcoder must be registered");
        }
        if (MILLION.intValueExact() < Math.max(set.rewardCut(), set.feeShare())) {
            return Change.refused("invalid rewardCut percentage");
        }
        return Change.of("set its shares", () -> {
            rewardCut = set.rewardCut();
            feeShare = set.feeShare();
        });
    }

    private Change reward() {
        if (lastRewardRound == round) {
            return Change.nothing("it was called in this round already");
        }
        if (!active()) {
            return Change.refused("caller must be an active transcoder");
        }
        return uninitialized().orElseGet(() -> Change.of("call the reward of round " + round, () -> {
            lastRewardRound = round;
            bonded = bonded.add(REWARD);
        }));
    }

    private Change unlock() {
        if (withdrawRound != 0) {
            return Change.nothing("they can be withdrawn from round " + withdrawRound + " on");
        }
        return deposit.signum() == 0 && reserve.signum() == 0
                ? Change.refused("sender deposit and reserve are zero")
                : Change.of("unlock", () -> withdrawRound = round + UNLOCKING);
    }

    private Change withdraw() {
        if (deposit.signum() == 0 && reserve.signum() == 0) {
            return Change.nothing("nothing is set aside");
        }
        if (withdrawRound == 0) {
            return Change.refused("no unlock request in progress");
        }
        if (withdrawRound > round) {
            return Change.refused("account is locked");
        }
        return Change.of("withdraw", () -> {
            balance = balance.add(deposit).add(reserve);
            deposit = BigInteger.ZERO;
            reserve = BigInteger.ZERO;
            withdrawRound = 0;
        });
    }

    private Optional<Change> uninitialized() {
        return initialized() ? Optional.empty() : Optional.of(Change.refused("current round is not initialized"));
    }

    private boolean initialized() {
        return initializedRound == round;
    }

    private boolean registered() {
        return delegate.equals(orchestrator) && bonded.signum() > 0;
    }

    private boolean active() {
        return registered() && activationRound <= round;
    }

    private Delegation.Phase phase() {
        if (bonded.signum() == 0) {
            return Delegation.Phase.UNBONDED;
        }
        return startRound > round ? Delegation.Phase.PENDING : Delegation.Phase.BONDED;
    }

    private OrchestratorState state() {
        return new OrchestratorState(
                orchestrator,
                registered(),
                active(),
                serviceUri,
                BigInteger.valueOf(lastRewardRound),
                BigInteger.valueOf(rewardCut),
                BigInteger.valueOf(feeShare),
                registered() ? bonded : BigInteger.ZERO,
                BigInteger.valueOf(activationRound),
                registered() ? NEVER : BigInteger.ZERO,
                BigInteger.valueOf(activationRound));
    }

    private static Address contract(String name) {
        return new Address(Bytes.hex(Keccak256.of(Bytes.utf8(name)).hex().substring(0, 2 * Address.LENGTH)));
    }

    private void reach() {
        if (!reachable) {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the chain of the test cannot be reached");
        }
    }
}
