package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.payment.ChainAccount.Protocol;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.value.Address;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.devnet.DevAccount;
import io.millrace.arbitrum.devnet.LocalChain;
import io.millrace.testkit.ChainAccountContract;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every account does, on the published contracts, and what only they can show. */
class ArbitrumAccountTest extends ChainAccountContract {

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

    @Override
    protected Chain chain() {
        chain.reset();
        Address owner = DevAccount.of(0).address();
        chain.local.send(
                owner, chain.local.contract("LivepeerToken"), Abi.call("transfer", OWN.address(), LocalChain.lpt(1000)));
        settlement = chain.settlement(OWN);
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
        account = settlement.account();
        return new Chain() {
            @Override
            public ChainAccount account() {
                return account;
            }

            @Override
            public void nextRound() {
                ArbitrumAccountTest.this.nextRound();
            }

            @Override
            public void endRound() {
                chain.local.mine(150);
                ArbitrumAccountTest.this.see();
            }
        };
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(40);
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
        return assertInstanceOf(Outcome.Done.class, account.carryOut(plan, Tickets.soon()), plan.what());
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
    void aPlanOfTwoTransactionsSaysBothAndSendsNone() {
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
    void anOrchestratorEarnsFeesAndWithdrawsThem() {
        becomeOrchestrator();
        nextRound();
        Waiting.until(() -> settlement.isActive(OWN.address(), Tickets.soon()));
        assertEquals(2, settlement.state(Tickets.soon()).poolSize());
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
    void theRulesOfThisChainAreRead() {
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
}
