package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DutiesTest {

    private static final Duties.Settings INITIALIZES = new Duties.Settings(true, Duration.ZERO, false);
    private static final Duties.Settings REWARDS = new Duties.Settings(false, Duration.ZERO, true);

    private static TestChain chain;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeAll
    static void start() {
        chain = TestChain.start();
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    @BeforeEach
    void reset() {
        chain.reset();
    }

    @AfterEach
    void close() throws Exception {
        chain.local.rpc("evm_setAutomine", true);
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private Duties duties(Wallet wallet, Duties.Settings settings) {
        ArbitrumSettlement settlement = chain.settlement(wallet);
        open.push(settlement);
        Duties duties = new Duties(settlement, settlement.account(), settings, InstantSource.system());
        open.push(duties);
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
        return duties;
    }

    /** Mines until the current round has ended, and no further. */
    private static void endRound() {
        long round = chain.local.round();
        long end = chain.local.number("RoundsManager", "currentRoundStartBlock").longValueExact() + 100;
        chain.local.mine(Math.toIntExact(end - chain.local.block()));
        while (chain.local.number("RoundsManager", "currentRound").longValueExact() == round) {
            chain.local.mine(1);
        }
    }

    private static boolean initialized() {
        return chain.local.number("RoundsManager", "currentRoundInitialized").signum() != 0;
    }

    private static long sent(Address account) {
        return number(chain.local.rpc("eth_getTransactionCount", account, "latest"));
    }

    private static long number(Object hex) {
        return Long.decode(((JsonString) hex).getString());
    }

    @Test
    void aRoundThatEndsIsInitialized() {
        duties(TestChain.STRANGER, INITIALIZES);
        long round = chain.local.round();
        for (int rounds = 1; rounds <= 3; rounds++) {
            endRound();
            Waiting.until(DutiesTest::initialized);
            assertEquals(round + rounds, chain.local.round());
        }
    }

    @Test
    void aRoundThatAnotherNodeInitializesMeanwhileIsLeftToIt() {
        long before = sent(TestChain.STRANGER.address());
        duties(TestChain.STRANGER, new Duties.Settings(true, Duration.ofMillis(200), false));
        chain.local.nextRound();
        // its own turn comes with the next round
        endRound();
        Waiting.until(DutiesTest::initialized);
        assertEquals(before + 1, sent(TestChain.STRANGER.address()));
    }

    @Test
    void theRewardIsCalledOnceARound() {
        Address orchestrator = TestChain.ORCHESTRATOR.address();
        long before = sent(orchestrator);
        duties(TestChain.ORCHESTRATOR, REWARDS);
        for (int rounds = 1; rounds <= 3; rounds++) {
            long called = before + rounds;
            Waiting.until(() -> sent(orchestrator) == called);
            chain.local.mine(1);
            chain.local.mine(1);
            if (rounds < 3) {
                chain.local.nextRound();
            }
        }
        JsonObject call = Json.object(
                "to", chain.local.contract("BondingManager"), "data", Abi.call("getTranscoder", orchestrator));
        String answer = ((JsonString) chain.local.rpc("eth_call", call, "latest")).getString();
        assertEquals(chain.local.round(), Abi.words(answer, 10).getFirst().longValueExact());
        assertEquals(before + 3, sent(orchestrator));
    }

    @Test
    void anAccountThatIsNotActiveCallsNoReward() {
        duties(TestChain.STRANGER, REWARDS);
        long before = sent(TestChain.STRANGER.address());
        long called = sent(TestChain.ORCHESTRATOR.address());
        duties(TestChain.ORCHESTRATOR, REWARDS);
        Waiting.until(() -> sent(TestChain.ORCHESTRATOR.address()) > called);
        assertEquals(before, sent(TestChain.STRANGER.address()));
    }

    /** Both look at the round while no block is made, so that neither knows of what the other has done. */
    @Test
    void ofTwoNodesThatRaceOneInitializesAndTheOtherGoesOn() throws Exception {
        Duties stranger = duties(TestChain.STRANGER, INITIALIZES);
        Duties redeemer = duties(TestChain.REDEEMER, INITIALIZES);
        chain.local.rpc("evm_setAutomine", false);
        endRound();
        Waiting.until(() -> number(((JsonObject) chain.local.rpc("txpool_status")).get("pending")) > 0);
        chain.local.mine(1);
        chain.local.rpc("evm_setAutomine", true);
        assertTrue(initialized());
        JsonObject block = (JsonObject) chain.local.rpc("eth_getBlockByNumber", "latest", true);
        String winner = block.getJsonArray("transactions").getJsonObject(0).getString("from");
        (winner.equals(TestChain.STRANGER.address().toString()) ? stranger : redeemer).close();
        endRound();
        Waiting.until(DutiesTest::initialized);
    }
}
