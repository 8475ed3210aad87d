package io.millrace.arbitrum;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.Chain.Receipt;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The node's account at Livepeer's contracts, and its orchestrator's, which may be another one whose key is elsewhere.
 * What they can do is one method for each action, which looks at the chain
 * and makes a plan; {@link #carryOut} sends the transactions of any plan, on a thread that lives until the last one is
 * in a block. What it is, and the network, is read by {@link AccountReads}.
 */
final class ArbitrumAccount implements ChainAccount, AutoCloseable {

    private static final Duration CHECK = Duration.ofSeconds(20);

    private final Chain chain;
    private final Follower follower;
    private final Reads reads;
    private final AccountReads account;
    private final Transactions transactions;
    private final Presigned presigned;
    private final Supplier<Optional<Wallet>> wallets;
    private final InstantSource clock;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** One transaction; {@code typicalGas} is told where it cannot be estimated before those ahead of it. */
    private record Step(String text, Address to, String data, BigInteger value, long typicalGas) {}

    private static final class OwnPlan implements Plan {
        private final Address signer;
        private final String what;
        private final List<Step> steps;
        private final BigInteger gas;
        private final Wei gasCost;
        private final Optional<Outcome> answer;
        private CompletableFuture<Outcome> result;

        private OwnPlan(
                Address signer, String what, List<Step> steps, BigInteger gas, Wei gasCost, Optional<Outcome> answer) {
            this.signer = signer;
            this.what = what;
            this.steps = steps;
            this.gas = gas;
            this.gasCost = gasCost;
            this.answer = answer;
        }

        @Override
        public String what() {
            return what;
        }

        @Override
        public Address signer() {
            return signer;
        }

        @Override
        public List<String> steps() {
            return steps.stream().map(Step::text).toList();
        }

        @Override
        public Wei value() {
            return new Wei(steps.stream().map(Step::value).reduce(BigInteger.ZERO, BigInteger::add));
        }

        @Override
        public BigInteger gas() {
            return gas;
        }

        @Override
        public Wei gasCost() {
            return gasCost;
        }

        @Override
        public Optional<Outcome> answer() {
            return answer;
        }
    }

    ArbitrumAccount(
            Chain chain,
            Follower follower,
            Reads reads,
            Transactions transactions,
            Supplier<Optional<Wallet>> wallets,
            InstantSource clock) {
        this.chain = chain;
        this.follower = follower;
        this.reads = reads;
        this.account = new AccountReads(chain, reads);
        this.transactions = transactions;
        this.presigned = new Presigned(chain, follower, clock);
        this.wallets = wallets;
        this.clock = clock;
    }

    @Override
    public Address address() {
        return wallets.get().map(Wallet::address).orElse(Address.NONE);
    }

    @Override
    public Address orchestrator() {
        return wallets.get().map(Wallet::orchestrator).orElse(Address.NONE);
    }

    @Override
    public State read(Deadline deadline) {
        return account.read(own(), staked(), deadline);
    }

    @Override
    public Protocol protocol(Deadline deadline) {
        return account.protocol(deadline);
    }

    @Override
    public List<OrchestratorState> pool(Deadline deadline) {
        return account.pool(deadline);
    }

    @Override
    public Plan plan(Action action, Deadline deadline) {
        return switch (action) {
            case Action.Bond bond -> bond(bond.amount(), bond.orchestrator(), deadline);
            case Action.Unbond unbond -> unbond(unbond.amount(), deadline);
            case Action.Rebond rebond -> rebond(rebond.lock(), rebond.orchestrator(), deadline);
            case Action.WithdrawStake withdraw -> withdrawStake(withdraw.lock(), deadline);
            case Action.WithdrawFees withdraw -> withdrawFees(withdraw.amount(), deadline);
            case Action.TransferTokens transfer -> transferTokens(transfer.amount(), transfer.to(), deadline);
            case Action.SetCommission set -> setCommission(set.rewardCut(), set.feeShare(), deadline);
            case Action.SetServiceUri set -> setServiceUri(set.uri(), deadline);
            case Action.Reward reward -> reward(deadline);
            case Action.InitializeRound initialize -> initializeRound(deadline);
            case Action.Fund fund -> fund(fund.deposit(), fund.reserve(), deadline);
            case Action.Unlock unlock -> unlock(deadline);
            case Action.CancelUnlock cancel -> cancelUnlock(deadline);
            case Action.Withdraw withdraw -> withdraw(deadline);
        };
    }

    private Plan bond(BigInteger amount, Address orchestrator, Deadline deadline) {
        Address from = staked();
        Address bonding = follower.head().contracts().bonding();
        Address token = reads.contract("LivepeerToken", deadline);
        String what = "stake " + lpt(amount) + " with " + (orchestrator.equals(from) ? "itself" : orchestrator);
        BigInteger balance = reads.number(token, deadline, "balanceOf", from);
        if (balance.compareTo(amount) < 0) {
            return refused(from, what, "the account has " + lpt(balance));
        }
        List<Step> steps = new ArrayList<>();
        if (reads.number(token, deadline, "allowance", from, bonding).compareTo(amount) < 0) {
            steps.add(step("allow the contract to take " + lpt(amount), token, 50_000, "approve", bonding, amount));
        }
        steps.add(step(what, bonding, 640_000, "bond", amount, orchestrator));
        return plan(from, what, steps, deadline);
    }

    private Plan setCommission(int rewardCut, int feeShare, Deadline deadline) {
        Address from = staked();
        Address bonding = follower.head().contracts().bonding();
        String what = "keep " + percent(rewardCut) + " of rewards and give away " + percent(feeShare) + " of fees";
        // (lastRewardRound, rewardCut, feeShare, ...)
        List<BigInteger> now = transcoder(bonding, from, deadline);
        if (now.get(1).intValueExact() == rewardCut && now.get(2).intValueExact() == feeShare) {
            return nothing(from, what, "it does so already");
        }
        return plan(from, what, List.of(step(what, bonding, 140_000, "transcoder", rewardCut, feeShare)), deadline);
    }

    private Plan setServiceUri(URI uri, Deadline deadline) {
        Address from = staked();
        Address registry = reads.contract("ServiceRegistry", deadline);
        String what = "be found at " + uri;
        String now = Abi.text(reads.answer(registry, deadline, "getServiceURI", from));
        if (now.equals(uri.toString())) {
            return nothing(from, what, "it is found there already");
        }
        return plan(from, what, List.of(step(what, registry, 60_000, "setServiceURI", uri.toString())), deadline);
    }

    private Plan reward(Deadline deadline) {
        Address from = staked();
        Head head = follower.head();
        Address bonding = head.contracts().bonding();
        String what = "call the reward of round " + head.round();
        if (transcoder(bonding, from, deadline).getFirst().longValueExact() == head.round()) {
            return nothing(from, what, "it was called in this round already");
        }
        return plan(from, what, List.of(step(what, bonding, 590_000, "reward")), deadline);
    }

    private Plan initializeRound(Deadline deadline) {
        Address from = own();
        Head head = follower.head();
        if (head.roundInitialized()) {
            return nothing(from, "initialize the round", "round " + head.round() + " is initialized");
        }
        String what = "initialize the round after " + head.round();
        Address rounds = head.contracts().rounds();
        return plan(from, what, List.of(step(what, rounds, 290_000, "initializeRound")), deadline);
    }

    private Plan fund(Wei deposit, Wei reserve, Deadline deadline) {
        Address from = own();
        boolean unlocking = funds(from, deadline).withdrawRound() != 0;
        String what = "add " + deposit + " to the deposit and " + reserve + " to the reserve"
                + (unlocking ? ", which ends the unlocking" : "");
        String call = reserve.equals(Wei.ZERO)
                ? Abi.call("fundDeposit")
                : Abi.call("fundDepositAndReserve", deposit.amount(), reserve.amount());
        Address broker = follower.head().contracts().broker();
        Step step = new Step(what, broker, call, deposit.plus(reserve).amount(), 110_000);
        return plan(from, what, List.of(step), deadline);
    }

    private Plan unlock(Deadline deadline) {
        Address from = own();
        SenderFunds funds = funds(from, deadline);
        String what = "unlock " + funds.deposit() + " of deposit and " + funds.reserve() + " of reserve";
        if (funds.withdrawRound() != 0) {
            return nothing(from, what, "they can be withdrawn from round " + funds.withdrawRound() + " on");
        }
        Address broker = follower.head().contracts().broker();
        return plan(from, what, List.of(step(what, broker, 90_000, "unlock")), deadline);
    }

    private Plan cancelUnlock(Deadline deadline) {
        Address from = own();
        SenderFunds funds = funds(from, deadline);
        String what = "no longer unlock " + funds.deposit() + " of deposit and " + funds.reserve() + " of reserve";
        if (funds.withdrawRound() == 0) {
            return nothing(from, what, "they are not being unlocked");
        }
        Address broker = follower.head().contracts().broker();
        return plan(from, what, List.of(step(what, broker, 60_000, "cancelUnlock")), deadline);
    }

    private Plan withdraw(Deadline deadline) {
        Address from = own();
        SenderFunds funds = funds(from, deadline);
        String what = "withdraw " + funds.deposit() + " of deposit and " + funds.reserve() + " of reserve";
        if (funds.deposit().equals(Wei.ZERO) && funds.reserve().equals(Wei.ZERO)) {
            return nothing(from, what, "nothing is set aside");
        }
        Address broker = follower.head().contracts().broker();
        return plan(from, what, List.of(step(what, broker, 90_000, "withdraw")), deadline);
    }

    private Plan unbond(BigInteger amount, Deadline deadline) {
        Address from = staked();
        String what = "unbond " + lpt(amount);
        Address bonding = follower.head().contracts().bonding();
        return plan(from, what, List.of(step(what, bonding, 540_000, "unbond", amount)), deadline);
    }

    private Plan rebond(long lock, Optional<Address> orchestrator, Deadline deadline) {
        return orchestrator
                .map(to -> ofLock(lock, "stake with " + to + " again", 540_000, deadline, "rebondFromUnbonded", to, lock))
                .orElseGet(() -> ofLock(lock, "stake again", 540_000, deadline, "rebond", lock));
    }

    private Plan withdrawStake(long lock, Deadline deadline) {
        return ofLock(lock, "withdraw", 105_000, deadline, "withdrawStake", lock);
    }

    private Plan ofLock(long lock, String verb, long gas, Deadline deadline, String function, Object... arguments) {
        Address from = staked();
        Address bonding = follower.head().contracts().bonding();
        // (amount, withdrawRound), zeroes where there is none
        List<BigInteger> found = Abi.words(
                reads.answer(bonding, deadline, "getDelegatorUnbondingLock", from, lock), 2);
        String what = verb + " " + lpt(found.getFirst()) + ", unbonded as number " + lock;
        if (found.getFirst().signum() == 0) {
            return nothing(from, what, "nothing is unbonded as number " + lock);
        }
        return plan(from, what, List.of(step(what, bonding, gas, function, arguments)), deadline);
    }

    private Plan withdrawFees(Optional<Wei> some, Deadline deadline) {
        Address from = staked();
        Head head = follower.head();
        Address bonding = head.contracts().bonding();
        BigInteger fees = some.map(Wei::amount)
                .orElseGet(() -> reads.number(bonding, deadline, "pendingFees", from, head.round()));
        String what = "withdraw fees of " + new Wei(fees);
        if (fees.signum() == 0) {
            return nothing(from, what, "there are no fees");
        }
        return plan(
                from, what, List.of(step(what, bonding, 190_000, "withdrawFees", from, fees)), deadline);
    }

    private Plan transferTokens(BigInteger amount, Address to, Deadline deadline) {
        Address from = own();
        Address token = reads.contract("LivepeerToken", deadline);
        String what = "send " + lpt(amount) + " to " + to;
        BigInteger balance = reads.number(token, deadline, "balanceOf", from);
        if (balance.compareTo(amount) < 0) {
            return refused(from, what, "the account has " + lpt(balance));
        }
        return plan(from, what, List.of(step(what, token, 60_000, "transfer", to, amount)), deadline);
    }

    @Override
    public Outcome carryOut(Plan made, Deadline deadline) {
        OwnPlan plan = own(made);
        if (plan.answer().isPresent()) {
            return plan.answer().get();
        }
        CompletableFuture<Outcome> result;
        synchronized (plan) {
            if (plan.result == null) {
                plan.result = new CompletableFuture<>();
                Thread thread = Thread.ofVirtual().name("arbitrum-account").unstarted(() -> run(plan));
                threads.add(thread);
                thread.start();
            }
            result = plan.result;
        }
        try {
            return result.get(Math.max(1, deadline.remaining(clock).toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Outcome.NotKnown("it is not done yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.NotKnown("interrupted while waiting for it");
        } catch (ExecutionException e) {
            throw new Fault(Fault.Consequence.RETRY_HERE, e.getCause().getMessage(), e.getCause());
        }
    }

    private void run(OwnPlan plan) {
        List<Bytes> done = new ArrayList<>();
        try {
            plan.result.complete(story(plan, done));
        } catch (InterruptedException e) {
            plan.result.complete(new Outcome.NotKnown("it is not followed any more"));
        } catch (RuntimeException e) {
            if (done.isEmpty()) {
                // nothing was sent: the same plan may be carried out later
                synchronized (plan) {
                    plan.result.completeExceptionally(e);
                    plan.result = null;
                }
            } else {
                plan.result.complete(new Outcome.NotKnown(after(done) + e.getMessage()));
            }
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    private Outcome story(OwnPlan plan, List<Bytes> done) throws InterruptedException {
        Wallet wallet = wallet();
        if (!wallet.address().equals(plan.signer())) {
            return new Outcome.Refused(notOurs(plan.signer(), wallet.address()));
        }
        BigInteger cost = BigInteger.ZERO;
        for (Step step : plan.steps) {
            try {
                Deadline soon = Deadline.in(CHECK, clock);
                BigInteger gas = chain.estimate(wallet.address(), step.to(), step.data(), step.value(), soon);
                Transactions.Sent sent = transactions.send(
                        wallet, new Transactions.Order(step.to(), step.data(), step.value(), withRoom(gas)), soon);
                done.add(sent.hash());
                Receipt receipt = sent.await();
                done.set(done.size() - 1, receipt.transaction());
                cost = cost.add(receipt.gasCost());
                // what is planned or read next is to be of the state after it
                follower.awaitBlock(receipt.block(), CHECK);
                if (!receipt.success()) {
                    return new Outcome.Refused("transaction 0x" + receipt.transaction().hex() + " failed");
                }
            } catch (RpcError e) {
                return new Outcome.Refused(after(done) + Abi.reason(e));
            } catch (Transactions.Rejected e) {
                return new Outcome.Refused(after(done) + e.getMessage());
            }
        }
        return new Outcome.Done(List.copyOf(done), new Wei(cost));
    }

    private static String after(List<Bytes> done) {
        return done.isEmpty() ? "" : "after " + done.size() + " of the steps: ";
    }

    private Plan plan(Address from, String what, List<Step> steps, Deadline deadline) {
        Wei value = new Wei(steps.stream().map(Step::value).reduce(BigInteger.ZERO, BigInteger::add));
        BigInteger balance;
        try {
            balance = chain.balance(from, deadline);
        } catch (RpcError e) {
            throw Chain.unread(e);
        }
        Address own = own();
        String who = from.equals(own) ? "the account" : "account " + from.checksummed();
        if (balance.compareTo(value.amount()) < 0) {
            return refused(from, what, who + " has " + new Wei(balance) + " and needs " + value + " and gas");
        }
        BigInteger gas;
        try {
            Step first = steps.getFirst();
            gas = chain.estimate(from, first.to(), first.data(), first.value(), deadline);
        } catch (RpcError e) {
            return refused(from, what, Abi.reason(e));
        }
        for (Step later : steps.subList(1, steps.size())) {
            gas = gas.add(BigInteger.valueOf(later.typicalGas()));
        }
        Wei cost = new Wei(gas.multiply(follower.head().gasPrice().amount()));
        if (balance.compareTo(value.plus(cost).amount()) < 0) {
            return refused(from, what, who + " has " + new Wei(balance) + " and needs " + value.plus(cost));
        }
        Optional<Outcome> answer = from.equals(own) ? Optional.empty() : Optional.of(new Outcome.Refused(notOurs(from, own)));
        return new OwnPlan(from, what, steps, gas, cost, answer);
    }

    private static String notOurs(Address signer, Address own) {
        return "account " + signer.checksummed() + " has to sign it, and this node has the key of " + own.checksummed()
                + " alone: write it out, sign it where that key is, and send it";
    }

    @Override
    public List<Unsigned> unsigned(Plan made, Deadline deadline) {
        OwnPlan plan = own(made);
        if (plan.steps.isEmpty()) {
            return List.of();
        }
        try {
            return unsigned(plan, transactions.market(), chain.transactions(plan.signer(), "pending", deadline), deadline);
        } catch (RpcError e) {
            throw Chain.unread(e);
        } catch (Transactions.Rejected e) {
            throw new Fault(Fault.Consequence.RETRY_HERE, e.getMessage(), e);
        }
    }

    private List<Unsigned> unsigned(OwnPlan plan, Transactions.Fees fees, long nonce, Deadline deadline) throws RpcError {
        List<Unsigned> all = new ArrayList<>();
        for (Step step : plan.steps) {
            // the later ones cannot be estimated before the first one is in a block
            BigInteger gas = all.isEmpty()
                    ? chain.estimate(plan.signer(), step.to(), step.data(), step.value(), deadline)
                    : BigInteger.valueOf(step.typicalGas());
            all.add(new Unsigned(
                    step.text(),
                    plan.signer(),
                    step.to(),
                    Bytes.hex(step.data().substring(2)),
                    new Wei(step.value()),
                    BigInteger.valueOf(chain.rpc().chainId()),
                    nonce + all.size(),
                    withRoom(gas),
                    new Wei(fees.cap()),
                    new Wei(fees.tip())));
        }
        return all;
    }

    /** What is not used is not paid for; the state may change a little until it is in a block. */
    private static BigInteger withRoom(BigInteger gas) {
        return gas.add(gas.divide(BigInteger.valueOf(5)));
    }

    @Override
    public Outcome send(List<Bytes> signed, Deadline deadline) {
        Wallet wallet = wallet();
        return presigned.send(signed, List.of(wallet.orchestrator(), wallet.address()), deadline);
    }

    private static OwnPlan own(Plan plan) {
        if (plan instanceof OwnPlan own) {
            return own;
        }
        throw new IllegalArgumentException("a plan of another account");
    }

    private Address own() {
        return wallet().address();
    }

    private Address staked() {
        return wallet().orchestrator();
    }

    private Wallet wallet() {
        return wallets.get()
                .filter(wallet -> !wallet.address().equals(Address.NONE))
                .orElseThrow(() -> new Fault(Fault.Consequence.GIVE_UP, "there is no account to send from"));
    }

    private static Plan nothing(Address from, String what, String message) {
        return new OwnPlan(
                from, what, List.of(), BigInteger.ZERO, Wei.ZERO, Optional.of(new Outcome.Nothing(message)));
    }

    private static Plan refused(Address from, String what, String message) {
        return new OwnPlan(
                from, what, List.of(), BigInteger.ZERO, Wei.ZERO, Optional.of(new Outcome.Refused(message)));
    }

    private static Step step(String text, Address to, long gas, String function, Object... arguments) {
        return new Step(text, to, Abi.call(function, arguments), BigInteger.ZERO, gas);
    }

    private SenderFunds funds(Address from, Deadline deadline) {
        return reads.funds(from, Address.NONE, deadline);
    }

    private List<BigInteger> transcoder(Address bonding, Address account, Deadline deadline) {
        return Abi.words(reads.answer(bonding, deadline, "getTranscoder", account), 10);
    }

    private static String lpt(BigInteger amount) {
        return new BigDecimal(amount, 18).stripTrailingZeros().toPlainString() + " LPT";
    }

    private static String percent(int ofMillion) {
        return new BigDecimal(ofMillion).movePointLeft(4).stripTrailingZeros().toPlainString() + "%";
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
