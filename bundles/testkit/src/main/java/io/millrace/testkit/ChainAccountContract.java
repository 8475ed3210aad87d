package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Delegation;
import io.millrace.api.payment.ChainAccount.OrchestratorState;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.payment.ChainAccount.Protocol;
import io.millrace.api.payment.ChainAccount.State;
import io.millrace.api.payment.ChainAccount.UnbondingLock;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Wei;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ChainAccount} does, on a chain of which the test decides all that happens. */
public abstract class ChainAccountContract {

    /**
     * A chain with one orchestrator that is active, and the account, which has nothing to do with it yet, 1000 LPT and
     * some ETH. Stake is unbonded in 7 rounds, funds are unlocked in 2.
     */
    public interface Chain {

        /** What is tested. */
        ChainAccount account();

        /** The next round begins and is initialized; it is known when this returns. */
        void nextRound();

        /** The round ends, and nobody initializes the next one; it is known when this returns. */
        void endRound();
    }

    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final URI SERVICE = URI.create("https://127.0.0.1:9000");
    private static final Address STRANGER = new Address(Bytes.hex("22".repeat(Address.LENGTH)));

    private Chain chain;
    private ChainAccount account;

    /** A chain of its own for each test. */
    protected abstract Chain chain();

    /** How long a call may take. */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    @BeforeEach
    void openChain() {
        chain = chain();
        account = chain.account();
    }

    @Test
    void aPlanSaysWhatItDoesAndCostsAndSendsNothing() {
        State before = account.read(soon());
        Plan plan = plan(new Action.Fund(ETHER, Wei.of(10)));
        assertEquals("add " + ETHER + " to the deposit and 10 wei to the reserve", plan.what());
        assertEquals(List.of(plan.what()), plan.steps());
        assertEquals(ETHER.plus(Wei.of(10)), plan.value());
        assertTrue(plan.gas().signum() > 0);
        assertTrue(plan.gasCost().amount().signum() > 0);
        assertTrue(plan.answer().isEmpty());
        assertEquals(before.balance(), account.read(soon()).balance());
    }

    @Test
    void aPlanThatIsCarriedOutTwiceIsDoneOnce() throws Exception {
        Plan plan = plan(new Action.TransferTokens(lpt(10), STRANGER));
        CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> account.carryOut(plan, soon()));
        Outcome.Done first = done(plan);
        assertSame(first, other.get());
        assertSame(first, account.carryOut(plan, soon()));
        assertEquals(lpt(990), account.read(soon()).tokens());
    }

    @Test
    void aPlanOfAnotherAccountIsNotCarriedOut() {
        Plan foreign = (Plan) Proxy.newProxyInstance(
                Plan.class.getClassLoader(), new Class<?>[] {Plan.class}, (proxy, method, arguments) -> null);
        assertThrows(IllegalArgumentException.class, () -> account.carryOut(foreign, soon()));
    }

    @Test
    void whatIsPaidIsTakenFromTheAccount() {
        State before = account.read(soon());
        Outcome.Done done = done(new Action.Fund(ETHER, Wei.of(10)));
        State after = account.read(soon());
        assertEquals(before.balance().minus(ETHER).minus(Wei.of(10)).minus(done.gasCost()), after.balance());
        assertEquals(ETHER, after.funds().deposit());
        assertEquals(Wei.of(10), after.funds().reserve());
        assertRefused("the account has", plan(new Action.Fund(new Wei(BigInteger.TEN.pow(30)), Wei.ZERO)));
    }

    @Test
    void anAccountBecomesAnActiveOrchestratorAndCallsItsRewardOnce() {
        State before = account.read(soon());
        assertEquals(account.address(), before.orchestrator().address());
        assertFalse(before.orchestrator().registered());
        assertEquals("", before.orchestrator().serviceUri());
        assertEquals(Delegation.Phase.UNBONDED, before.delegation().phase());
        assertEquals(Address.NONE, before.delegation().delegate());
        assertRefused("", plan(new Action.Reward()));

        becomeOrchestrator();
        assertNothing(plan(new Action.SetCommission(100_000, 50_000)));
        assertNothing(plan(new Action.SetServiceUri(SERVICE)));
        OrchestratorState registered = account.read(soon()).orchestrator();
        assertTrue(registered.registered());
        assertFalse(registered.active());
        assertEquals(Delegation.Phase.PENDING, account.read(soon()).delegation().phase());

        chain.nextRound();
        done(new Action.Reward());
        assertNothing(plan(new Action.Reward()));
        State after = account.read(soon());
        assertTrue(after.orchestrator().active());
        assertEquals(SERVICE.toString(), after.orchestrator().serviceUri());
        assertEquals(BigInteger.valueOf(100_000), after.orchestrator().rewardCut());
        assertEquals(BigInteger.valueOf(50_000), after.orchestrator().feeShare());
        assertEquals(account.protocol(soon()).round(), after.orchestrator().lastRewardRound());
        assertEquals(BigInteger.TWO.pow(256).subtract(BigInteger.ONE), after.orchestrator().deactivationRound());
        assertEquals(Delegation.Phase.BONDED, after.delegation().phase());
        assertEquals(account.address(), after.delegation().delegate());
        assertTrue(after.delegation().pendingStake().compareTo(lpt(700)) > 0, "the reward is in it");
        List<OrchestratorState> pool = account.pool(soon());
        assertEquals(2, pool.size());
        assertEquals(after.orchestrator(), pool.getFirst(), "it has the greatest stake");
    }

    @Test
    void stakeIsUnbondedStakedAgainAndWithdrawn() {
        becomeOrchestrator();
        chain.nextRound();
        done(new Action.Unbond(lpt(100)));
        BigInteger round = account.protocol(soon()).round();
        assertEquals(
                List.of(new UnbondingLock(0, lpt(100), round.add(BigInteger.valueOf(7)))),
                account.read(soon()).locks());
        assertRefused(
                "withdraw round must be before or equal to the current round", plan(new Action.WithdrawStake(0)));
        done(new Action.Rebond(0, Optional.empty()));
        assertNothing(plan(new Action.Rebond(0, Optional.empty())));
        assertEquals(List.of(), account.read(soon()).locks());
        done(new Action.Unbond(lpt(200)));
        for (int i = 0; i < 7; i++) {
            chain.nextRound();
        }
        done(new Action.WithdrawStake(1));
        assertEquals(lpt(500), account.read(soon()).tokens());
        assertNothing(plan(new Action.WithdrawStake(1)));
    }

    @Test
    void allStakeIsTakenBackAndStakedAgainFromNothing() {
        becomeOrchestrator();
        chain.nextRound();
        done(new Action.Unbond(lpt(700)));
        assertFalse(account.read(soon()).orchestrator().registered());
        assertRefused("", plan(new Action.Rebond(0, Optional.empty())));
        done(new Action.Rebond(0, Optional.of(account.address())));
        assertEquals(lpt(700), account.read(soon()).delegation().bonded());
        assertTrue(account.read(soon()).orchestrator().registered());
    }

    @Test
    void fundsAreSetAsideUnlockedAndWithdrawn() {
        assertNothing(plan(new Action.Withdraw()));
        assertRefused("sender deposit and reserve are zero", plan(new Action.Unlock()));
        done(new Action.Fund(ETHER, Wei.ZERO));
        done(new Action.Fund(Wei.ZERO, Wei.of(10)));
        assertRefused("no unlock request in progress", plan(new Action.Withdraw()));
        assertNothing(plan(new Action.CancelUnlock()));
        done(new Action.Unlock());
        assertNothing(plan(new Action.Unlock()));
        long due = account.read(soon()).funds().withdrawRound();
        assertEquals(account.protocol(soon()).round().longValueExact() + 2, due);
        done(new Action.CancelUnlock());
        assertEquals(0, account.read(soon()).funds().withdrawRound());
        done(new Action.Unlock());
        assertRefused("account is locked", plan(new Action.Withdraw()));
        chain.nextRound();
        chain.nextRound();
        done(new Action.Withdraw());
        assertNothing(plan(new Action.Withdraw()));
        assertEquals(Wei.ZERO, account.read(soon()).funds().deposit());
    }

    @Test
    void aRoundIsInitializedOnce() {
        assertNothing(plan(new Action.InitializeRound()));
        BigInteger round = account.protocol(soon()).round();
        assertTrue(account.protocol(soon()).roundInitialized());
        chain.endRound();
        Protocol ended = account.protocol(soon());
        assertTrue(ended.round().compareTo(round) > 0);
        assertFalse(ended.roundInitialized());
        done(new Action.InitializeRound());
        assertNothing(plan(new Action.InitializeRound()));
        assertTrue(account.protocol(soon()).roundInitialized());
    }

    @Test
    void moreThanThereIsIsRefusedBeforeAnythingIsSent() {
        assertRefused("the account has", plan(new Action.Bond(lpt(1001), account.address())));
        assertRefused("the account has", plan(new Action.TransferTokens(lpt(1001), STRANGER)));
        assertNothing(plan(new Action.WithdrawFees(Optional.empty())));
        assertNothing(plan(new Action.WithdrawStake(7)));
        assertEquals(lpt(1000), account.read(soon()).tokens());
    }

    @Test
    void theRulesOfTheNetworkAreRead() {
        Protocol protocol = account.protocol(soon());
        assertTrue(protocol.contracts().keySet().containsAll(
                List.of("Controller", "LivepeerToken", "TicketBroker", "RoundsManager", "BondingManager", "Minter")));
        assertFalse(protocol.contracts().containsKey("LivepeerTokenFaucet"), "there is none");
        assertTrue(protocol.chainId().signum() > 0);
        assertTrue(protocol.block() > 0);
        assertEquals(BigInteger.valueOf(7), protocol.unbondingPeriod());
        assertEquals(BigInteger.TWO, protocol.unlockPeriod());
        assertTrue(protocol.totalBonded().signum() > 0);
        assertTrue(protocol.totalSupply().compareTo(protocol.totalBonded()) > 0);
        assertFalse(protocol.roundLocked());
        assertFalse(protocol.paused());
    }

    private void becomeOrchestrator() {
        done(new Action.Bond(lpt(700), account.address()));
        done(new Action.SetCommission(100_000, 50_000));
        done(new Action.SetServiceUri(SERVICE));
    }

    private Plan plan(Action action) {
        return account.plan(action, soon());
    }

    private Outcome.Done done(Action action) {
        return done(plan(action));
    }

    private Outcome.Done done(Plan plan) {
        Outcome.Done done = assertInstanceOf(Outcome.Done.class, account.carryOut(plan, soon()), plan.what());
        assertFalse(done.transactions().isEmpty());
        return done;
    }

    private void assertNothing(Plan plan) {
        assertInstanceOf(Outcome.Nothing.class, plan.answer().orElseThrow(), plan.what());
        assertEquals(plan.answer().get(), account.carryOut(plan, soon()));
    }

    private void assertRefused(String words, Plan plan) {
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, plan.answer().orElseThrow(), plan.what());
        assertTrue(refused.message().contains(words), refused.message());
        assertEquals(refused, account.carryOut(plan, soon()));
    }

    private static BigInteger lpt(long amount) {
        return BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(amount));
    }

    private Deadline soon() {
        return Deadline.in(patience(), InstantSource.system());
    }
}
