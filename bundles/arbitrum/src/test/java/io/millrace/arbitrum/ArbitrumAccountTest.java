package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Delegation;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.payment.ChainAccount.Protocol;
import io.millrace.api.payment.ChainAccount.State;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.value.Address;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.devnet.DevAccount;
import io.millrace.arbitrum.devnet.LocalChain;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ArbitrumAccountTest {

    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final DevAccount OWN = DevAccount.of(5);

    private static TestChain chain;

    private ArbitrumSettlement settlement;
    private ChainAccount account;

    @BeforeAll
    static void start() {
        chain = TestChain.start();
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    @BeforeEach
    void open() {
        chain.reset();
        Address owner = DevAccount.of(0).address();
        chain.local.send(
                owner, chain.local.contract("LivepeerToken"), Abi.call("transfer", OWN.address(), LocalChain.lpt(1000)));
        settlement = chain.settlement(OWN);
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
        account = settlement.account();
    }

    @AfterEach
    void close() {
        settlement.close();
    }

    private Plan plan(Action action) {
        return account.plan(action, Tickets.soon());
    }

    private Outcome.Done done(Action action) {
        return done(plan(action));
    }

    private Outcome.Done done(Plan plan) {
        Outcome.Done done = assertInstanceOf(Outcome.Done.class, account.carryOut(plan, Tickets.soon()), plan.what());
        see();
        return done;
    }

    /** What was done, or happened, is known. */
    private void see() {
        long block = chain.local.block();
        Waiting.until(() -> settlement.state(Tickets.soon()).l1Block() >= block);
    }

    private void nextRound() {
        chain.local.nextRound();
        see();
    }

    private static void assertNothing(Plan plan) {
        assertInstanceOf(Outcome.Nothing.class, plan.answer().orElseThrow());
    }

    private static void assertRefused(String words, Plan plan) {
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, plan.answer().orElseThrow(), plan.what());
        assertTrue(refused.message().contains(words), refused.message());
    }

    private void becomeOrchestrator() {
        done(new Action.Bond(LocalChain.lpt(700), OWN.address()));
        done(new Action.SetCommission(100_000, 50_000));
        done(new Action.SetServiceUri(URI.create("https://127.0.0.1:9000")));
    }

    @Test
    void aPlanSaysWhatItDoesAndCostsAndSendsNothing() {
        long block = chain.local.block();
        Plan plan = plan(new Action.Bond(LocalChain.lpt(700), OWN.address()));
        assertEquals("stake 700 LPT with itself", plan.what());
        assertEquals(2, plan.steps().size());
        assertTrue(plan.gas().longValueExact() > 600_000, plan.gas().toString());
        assertEquals(plan.gas().multiply(settlement.state(Tickets.soon()).gasPrice().amount()), plan.gasCost().amount());
        assertTrue(plan.answer().isEmpty());
        assertEquals(block, chain.local.block());
    }

    @Test
    void aPlanThatIsCarriedOutTwiceIsDoneOnce() throws Exception {
        Plan plan = plan(new Action.Bond(LocalChain.lpt(700), OWN.address()));
        CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> account.carryOut(plan, Tickets.soon()));
        Outcome.Done first = done(plan);
        assertSame(first, other.get());
        assertSame(first, account.carryOut(plan, Tickets.soon()));
        assertEquals(2, first.transactions().size());
        assertEquals(
                LocalChain.lpt(300), chain.local.number("LivepeerToken", "balanceOf", OWN.address()));
    }

    @Test
    void anAccountBecomesAnActiveOrchestratorAndEarns() {
        becomeOrchestrator();
        assertNothing(plan(new Action.SetCommission(100_000, 50_000)));
        assertNothing(plan(new Action.SetServiceUri(URI.create("https://127.0.0.1:9000"))));
        nextRound();
        Waiting.until(() -> settlement.isActive(OWN.address(), Tickets.soon()));
        assertEquals(2, settlement.state(Tickets.soon()).poolSize());

        Plan reward = plan(new Action.Reward());
        BigInteger before = chain.local.number("BondingManager", "transcoderTotalStake", OWN.address());
        done(reward);
        assertTrue(chain.local.number("BondingManager", "transcoderTotalStake", OWN.address()).compareTo(before) > 0);
        assertNothing(plan(new Action.Reward()));

        assertNothing(plan(new Action.WithdrawFees(Optional.empty())));
        chain.local.fund(TestChain.SENDER, ETHER, ETHER);
        see();
        assertInstanceOf(
                Paid.class,
                settlement.redeem(
                        Tickets.winner(TestChain.SENDER, OWN.address(), settlement.state(Tickets.soon())),
                        Tickets.soon()));
        nextRound();
        Plan fees = plan(new Action.WithdrawFees(Optional.empty()));
        Wei earned = new Wei(chain.local.number("BondingManager", "pendingFees", OWN.address(), chain.local.round()));
        assertEquals("withdraw fees of " + earned, fees.what());
        Wei had = chain.local.balance(OWN.address());
        Outcome.Done paid = done(fees);
        assertEquals(had.plus(earned).minus(paid.gasCost()), chain.local.balance(OWN.address()));
        assertNothing(plan(new Action.WithdrawFees(Optional.empty())));
    }

    @Test
    void stakeIsUnbondedRebondedAndWithdrawn() {
        becomeOrchestrator();
        nextRound();
        done(new Action.Reward());
        done(new Action.Unbond(LocalChain.lpt(100)));
        Plan early = plan(new Action.WithdrawStake(0));
        assertRefused("withdraw round must be before or equal to the current round", early);
        done(new Action.Rebond(0, Optional.empty()));
        assertNothing(plan(new Action.Rebond(0, Optional.empty())));
        done(new Action.Unbond(LocalChain.lpt(200)));
        for (int i = 0; i < 7; i++) {
            nextRound();
        }
        Plan withdraw = plan(new Action.WithdrawStake(1));
        assertEquals("withdraw 200 LPT, unbonded as number 1", withdraw.what());
        done(withdraw);
        assertEquals(LocalChain.lpt(500), chain.local.number("LivepeerToken", "balanceOf", OWN.address()));
        assertNothing(plan(new Action.WithdrawStake(1)));
    }

    @Test
    void fundsAreSetAsideUnlockedAndWithdrawn() {
        Plan fund = plan(new Action.Fund(ETHER, new Wei(BigInteger.TEN)));
        assertEquals(ETHER.plus(new Wei(BigInteger.TEN)), fund.value());
        assertNothing(plan(new Action.Withdraw()));
        assertRefused("sender deposit and reserve are zero", plan(new Action.Unlock()));
        done(fund);
        assertRefused("no unlock request in progress", plan(new Action.Withdraw()));
        done(new Action.Unlock());
        assertRefused("account is locked", plan(new Action.Withdraw()));
        assertNothing(plan(new Action.Unlock()));
        assertTrue(plan(new Action.Fund(ETHER, ETHER)).what().contains("ends the unlocking"));
        done(new Action.CancelUnlock());
        assertNothing(plan(new Action.CancelUnlock()));
        assertEquals(0, account.read(Tickets.soon()).funds().withdrawRound());
        done(new Action.Unlock());
        nextRound();
        nextRound();
        done(new Action.Withdraw());
        assertNothing(plan(new Action.Withdraw()));
        assertEquals(Wei.ZERO, settlement.funds(OWN.address(), Address.NONE, Tickets.soon()).deposit());
    }

    @Test
    void aRoundIsInitializedOnce() {
        assertNothing(plan(new Action.InitializeRound()));
        chain.local.mine(150);
        see();
        Plan plan = plan(new Action.InitializeRound());
        done(plan);
        assertNothing(plan(new Action.InitializeRound()));
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsSent() {
        assertRefused("the account has 1000 LPT", plan(new Action.Bond(LocalChain.lpt(1001), OWN.address())));
        assertRefused("transcoder", plan(new Action.Reward()));
        Plan dear = plan(new Action.Fund(new Wei(BigInteger.TEN.pow(30)), Wei.ZERO));
        assertInstanceOf(Outcome.Refused.class, dear.answer().orElseThrow());
        becomeOrchestrator();
        nextRound();
        chain.local.mine(95);
        see();
        assertRefused("current round is locked", plan(new Action.SetCommission(1, 1)));
    }

    @Test
    void withoutAnAccountThereIsNoPlan() {
        try (ArbitrumSettlement reader = chain.settlement(null)) {
            Waiting.until(() -> ArbitrumSettlementTest.seen(reader));
            assertThrows(Fault.class, () -> reader.account().plan(new Action.Reward(), Tickets.soon()));
        }
    }

    @Test
    void whatAnAccountHasAndIsIsRead() {
        State before = account.read(Tickets.soon());
        assertEquals(chain.local.balance(OWN.address()), before.balance());
        assertEquals(LocalChain.lpt(1000), before.tokens());
        assertFalse(before.orchestrator().registered());
        assertEquals("", before.orchestrator().serviceUri());
        assertEquals(Delegation.Phase.UNBONDED, before.delegation().phase());
        assertEquals(Address.NONE, before.delegation().delegate());

        becomeOrchestrator();
        assertEquals(Delegation.Phase.PENDING, account.read(Tickets.soon()).delegation().phase());
        nextRound();
        done(new Action.Reward());
        done(new Action.Unbond(LocalChain.lpt(100)));
        State after = account.read(Tickets.soon());
        BigInteger round = BigInteger.valueOf(chain.local.round());
        assertTrue(after.orchestrator().registered());
        assertTrue(after.orchestrator().active());
        assertEquals("https://127.0.0.1:9000", after.orchestrator().serviceUri());
        assertEquals(BigInteger.valueOf(100_000), after.orchestrator().rewardCut());
        assertEquals(BigInteger.valueOf(50_000), after.orchestrator().feeShare());
        assertEquals(round, after.orchestrator().lastRewardRound());
        assertEquals(BigInteger.TWO.pow(256).subtract(BigInteger.ONE), after.orchestrator().deactivationRound());
        assertEquals(Delegation.Phase.BONDED, after.delegation().phase());
        assertEquals(OWN.address(), after.delegation().delegate());
        assertTrue(after.delegation().pendingStake().compareTo(LocalChain.lpt(600)) > 0, "the reward is in it");
        assertEquals(
                List.of(new ChainAccount.UnbondingLock(0, LocalChain.lpt(100), round.add(BigInteger.valueOf(7)))),
                after.locks());
        assertEquals(
                List.of(OWN.address(), TestChain.ORCHESTRATOR.address()),
                account.pool(Tickets.soon()).stream().map(ChainAccount.OrchestratorState::address).toList());
    }

    @Test
    void theRulesOfTheNetworkAreRead() {
        Protocol protocol = account.protocol(Tickets.soon());
        assertEquals(BigInteger.valueOf(chain.local.chainId()), protocol.chainId());
        assertEquals(chain.local.contract("Minter"), protocol.contracts().get("Minter"));
        assertFalse(protocol.contracts().containsKey("LivepeerTokenFaucet"));
        assertEquals(BigInteger.valueOf(chain.local.round()), protocol.round());
        assertEquals(BigInteger.valueOf(100), protocol.roundLength());
        assertEquals(BigInteger.valueOf(7), protocol.unbondingPeriod());
        assertEquals(BigInteger.TWO, protocol.unlockPeriod());
        assertEquals(LocalChain.lpt(500), protocol.totalBonded());
        assertFalse(protocol.roundLocked());
        assertFalse(protocol.paused());
        chain.local.mine(95);
        see();
        assertTrue(account.protocol(Tickets.soon()).roundLocked());
        chain.local.mine(100);
        see();
        Protocol later = account.protocol(Tickets.soon());
        assertTrue(later.round().longValueExact() > chain.local.round(), "nobody has initialized it");
        assertEquals(chain.local.block(), later.block());
    }

    @Test
    void tokensAreSent() {
        done(new Action.TransferTokens(LocalChain.lpt(10), TestChain.STRANGER.address()));
        assertEquals(
                LocalChain.lpt(10), chain.local.number("LivepeerToken", "balanceOf", TestChain.STRANGER.address()));
        assertRefused(
                "the account has 990 LPT",
                plan(new Action.TransferTokens(LocalChain.lpt(991), TestChain.STRANGER.address())));
    }

    @Test
    void allStakeIsTakenBackAndStakedAgainFromNothing() {
        becomeOrchestrator();
        nextRound();
        done(new Action.Unbond(LocalChain.lpt(700)));
        done(new Action.Rebond(0, Optional.of(OWN.address())));
        assertEquals(LocalChain.lpt(700), account.read(Tickets.soon()).delegation().bonded());
    }
}
