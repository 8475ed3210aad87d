package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.devnet.DevAccount;
import io.millrace.arbitrum.devnet.LocalChain;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A chain with Arbitrum's id and blocks of its own time, and what is wrong with the settings for a chain. */
class OtherChainsTest {

    private static TestChain chain;

    @BeforeAll
    static void start() {
        chain = TestChain.start(new LocalChain.Options(0, 42161, 1, 100));
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    private static String trouble(long chainId, Address controller) {
        ArbitrumSettlement.Settings s = chain.settings();
        Rpc.Settings rpc = new Rpc.Settings(s.rpc().urls(), chainId, s.rpc().timeout(), false);
        try (ArbitrumSettlement settlement = new ArbitrumSettlement(
                new ArbitrumSettlement.Settings(rpc, controller, s.poll(), s.maxAge(), s.replaceAfter(), 1, Optional.empty()),
                Optional::empty,
                InstantSource.system())) {
            Waiting.until(() -> !message(settlement).contains("not been asked"));
            return message(settlement);
        }
    }

    private static String message(ArbitrumSettlement settlement) {
        return assertThrows(Fault.class, () -> settlement.state(Tickets.soon())).getMessage();
    }

    @Test
    void onAChainOfArbitrumsIdTheLayerOneBlockIsTheHeaders() {
        chain.local.fund(TestChain.SENDER, Wei.of(1), Wei.of(1));
        try (ArbitrumSettlement settlement = chain.settlement(TestChain.REDEEMER)) {
            Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
            long before = settlement.state(Tickets.soon()).l1Block();
            // the chain makes its blocks by itself
            Waiting.until(() -> settlement.state(Tickets.soon()).l1Block() > before);
            Wei ether = new Wei(BigInteger.TEN.pow(18));
            chain.local.fund(TestChain.SENDER, ether, Wei.ZERO);
            Waiting.until(() -> settlement
                            .funds(TestChain.SENDER.address(), Address.NONE, Tickets.soon())
                            .deposit()
                            .compareTo(ether)
                    >= 0);
            assertInstanceOf(
                    Paid.class,
                    settlement.redeem(
                            Tickets.winner(
                                    TestChain.SENDER,
                                    TestChain.ORCHESTRATOR.address(),
                                    settlement.state(Tickets.soon())),
                            Tickets.soon()));
        }
    }

    @Test
    void anotherChainThanExpected() {
        assertTrue(trouble(5, chain.local.controller()).contains("is a node of chain 42161, not of 5"));
    }

    @Test
    void aControllerThatIsNoContractOrNotTheController() {
        assertTrue(trouble(0, TestChain.STRANGER.address()).contains("there is no contract at"));
        String other = trouble(0, chain.local.contract("LivepeerToken"));
        assertTrue(other.contains("is not the Controller"), other);
    }

    @Test
    void contractsThatTheControllerReplacesAreFound() {
        try (ArbitrumSettlement settlement = chain.settlement(null)) {
            Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
            Address broker = chain.local.contract("TicketBroker");
            Address owner = DevAccount.of(0).address();
            Bytes id = Keccak256.of(Bytes.utf8("TicketBroker"));
            Bytes version = Bytes.wrap(new byte[20]);
            // without a broker nothing can be known of the newest block
            chain.local.send(owner, chain.local.controller(), Abi.call("setContractInfo", id, Address.NONE, version));
            long block = chain.local.block();
            chain.local.send(owner, chain.local.controller(), Abi.call("setContractInfo", id, broker, version));
            Waiting.until(() -> settlement.state(Tickets.soon()).l1Block() > block);
        }
    }
}
