package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.value.Address;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.Accounts.Outcome;
import io.millrace.arbitrum.Accounts.Plan;
import io.millrace.arbitrum.devnet.DevAccount;
import io.millrace.arbitrum.devnet.LocalChain;
import java.math.BigInteger;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountsTest {

    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final DevAccount OWN = DevAccount.of(5);

    private static TestChain chain;

    private ArbitrumSettlement settlement;
    private Accounts accounts;

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
        accounts = settlement.accounts();
    }

    @AfterEach
    void close() {
        settlement.close();
    }

    private Outcome.Done done(Plan plan) {
        Outcome.Done done = assertInstanceOf(Outcome.Done.class, accounts.carryOut(plan, Tickets.soon()), plan.what());
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
        done(accounts.bond(LocalChain.lpt(700), OWN.address(), Tickets.soon()));
        done(accounts.transcoder(100_000, 50_000, Tickets.soon()));
        done(accounts.setServiceUri(URI.create("https://127.0.0.1:9000"), Tickets.soon()));
    }

    @Test
    void aPlanSaysWhatItDoesAndCostsAndSendsNothing() {
        long block = chain.local.block();
        Plan plan = accounts.bond(LocalChain.lpt(700), OWN.address(), Tickets.soon());
        assertEquals("stake 700 LPT with itself", plan.what());
        assertEquals(2, plan.steps().size());
        assertTrue(plan.gas().longValueExact() > 600_000, plan.gas().toString());
        assertEquals(plan.gas().multiply(settlement.state(Tickets.soon()).gasPrice().amount()), plan.gasCost().amount());
        assertTrue(plan.answer().isEmpty());
        assertEquals(block, chain.local.block());
    }

    @Test
    void aPlanThatIsCarriedOutTwiceIsDoneOnce() throws Exception {
        Plan plan = accounts.bond(LocalChain.lpt(700), OWN.address(), Tickets.soon());
        CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> accounts.carryOut(plan, Tickets.soon()));
        Outcome.Done first = done(plan);
        assertSame(first, other.get());
        assertSame(first, accounts.carryOut(plan, Tickets.soon()));
        assertEquals(2, first.transactions().size());
        assertEquals(
                LocalChain.lpt(300), chain.local.number("LivepeerToken", "balanceOf", OWN.address()));
    }

    @Test
    void anAccountBecomesAnActiveOrchestratorAndEarns() {
        becomeOrchestrator();
        assertNothing(accounts.transcoder(100_000, 50_000, Tickets.soon()));
        assertNothing(accounts.setServiceUri(URI.create("https://127.0.0.1:9000"), Tickets.soon()));
        nextRound();
        Waiting.until(() -> settlement.isActive(OWN.address(), Tickets.soon()));
        assertEquals(2, settlement.state(Tickets.soon()).poolSize());

        Plan reward = accounts.reward(Tickets.soon());
        BigInteger before = chain.local.number("BondingManager", "transcoderTotalStake", OWN.address());
        done(reward);
        assertTrue(chain.local.number("BondingManager", "transcoderTotalStake", OWN.address()).compareTo(before) > 0);
        assertNothing(accounts.reward(Tickets.soon()));

        assertNothing(accounts.withdrawFees(Tickets.soon()));
        chain.local.fund(TestChain.SENDER, ETHER, ETHER);
        see();
        assertInstanceOf(
                Paid.class,
                settlement.redeem(
                        Tickets.winner(TestChain.SENDER, OWN.address(), settlement.state(Tickets.soon())),
                        Tickets.soon()));
        nextRound();
        Plan fees = accounts.withdrawFees(Tickets.soon());
        Wei earned = new Wei(chain.local.number("BondingManager", "pendingFees", OWN.address(), chain.local.round()));
        assertEquals("withdraw fees of " + earned, fees.what());
        Wei had = chain.local.balance(OWN.address());
        Outcome.Done paid = done(fees);
        assertEquals(had.plus(earned).minus(paid.gasCost()), chain.local.balance(OWN.address()));
        assertNothing(accounts.withdrawFees(Tickets.soon()));
    }

    @Test
    void stakeIsUnbondedRebondedAndWithdrawn() {
        becomeOrchestrator();
        nextRound();
        done(accounts.reward(Tickets.soon()));
        done(accounts.unbond(LocalChain.lpt(100), Tickets.soon()));
        Plan early = accounts.withdrawStake(0, Tickets.soon());
        assertRefused("withdraw round must be before or equal to the current round", early);
        done(accounts.rebond(0, Tickets.soon()));
        assertNothing(accounts.rebond(0, Tickets.soon()));
        done(accounts.unbond(LocalChain.lpt(200), Tickets.soon()));
        for (int i = 0; i < 7; i++) {
            nextRound();
        }
        Plan withdraw = accounts.withdrawStake(1, Tickets.soon());
        assertEquals("withdraw 200 LPT, unbonded as number 1", withdraw.what());
        done(withdraw);
        assertEquals(LocalChain.lpt(500), chain.local.number("LivepeerToken", "balanceOf", OWN.address()));
        assertNothing(accounts.withdrawStake(1, Tickets.soon()));
    }

    @Test
    void fundsAreSetAsideUnlockedAndWithdrawn() {
        Plan fund = accounts.fund(ETHER, new Wei(BigInteger.TEN), Tickets.soon());
        assertEquals(ETHER.plus(new Wei(BigInteger.TEN)), fund.value());
        assertNothing(accounts.withdraw(Tickets.soon()));
        assertRefused("sender deposit and reserve are zero", accounts.unlock(Tickets.soon()));
        done(fund);
        assertRefused("no unlock request in progress", accounts.withdraw(Tickets.soon()));
        done(accounts.unlock(Tickets.soon()));
        assertRefused("account is locked", accounts.withdraw(Tickets.soon()));
        assertNothing(accounts.unlock(Tickets.soon()));
        assertTrue(accounts.fund(ETHER, ETHER, Tickets.soon()).what().contains("ends the unlocking"));
        nextRound();
        nextRound();
        done(accounts.withdraw(Tickets.soon()));
        assertNothing(accounts.withdraw(Tickets.soon()));
        assertEquals(Wei.ZERO, settlement.funds(OWN.address(), Address.NONE, Tickets.soon()).deposit());
    }

    @Test
    void aRoundIsInitializedOnce() {
        assertNothing(accounts.initializeRound(Tickets.soon()));
        chain.local.mine(150);
        see();
        Plan plan = accounts.initializeRound(Tickets.soon());
        done(plan);
        assertNothing(accounts.initializeRound(Tickets.soon()));
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsSent() {
        assertRefused("the account has 1000 LPT", accounts.bond(LocalChain.lpt(1001), OWN.address(), Tickets.soon()));
        assertRefused("transcoder", accounts.reward(Tickets.soon()));
        Plan dear = accounts.fund(new Wei(BigInteger.TEN.pow(30)), Wei.ZERO, Tickets.soon());
        assertInstanceOf(Outcome.Refused.class, dear.answer().orElseThrow());
        becomeOrchestrator();
        nextRound();
        chain.local.mine(95);
        see();
        assertRefused("current round is locked", accounts.transcoder(1, 1, Tickets.soon()));
    }

    @Test
    void withoutAnAccountThereIsNoPlan() {
        try (ArbitrumSettlement reader = chain.settlement(null)) {
            Waiting.until(() -> ArbitrumSettlementTest.seen(reader));
            assertThrows(Fault.class, () -> reader.accounts().reward(Tickets.soon()));
        }
    }
}
