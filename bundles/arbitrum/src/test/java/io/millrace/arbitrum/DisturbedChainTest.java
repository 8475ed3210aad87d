package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.Notice;
import io.millrace.api.payment.Settlement.Redemption;
import io.millrace.api.payment.Settlement.Redemption.NotKnown;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.devnet.DevAccount;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chains reorganise, wires are cut, transactions are stuck, and others redeem too. */
class DisturbedChainTest {

    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final DevAccount SENDER = TestChain.SENDER;
    private static final Address RECIPIENT = TestChain.ORCHESTRATOR.address();

    private static TestChain chain;

    private final List<AutoCloseable> open = new ArrayList<>();

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
        chain.local.fund(SENDER, ETHER, ETHER);
    }

    @AfterEach
    void close() throws Exception {
        chain.local.rpc("evm_setAutomine", true);
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    private ArbitrumSettlement settlement(Wallet wallet, Duration maxAge, Duration replaceAfter, URI... urls) {
        ArbitrumSettlement.Settings s = chain.settings(urls);
        ArbitrumSettlement settlement = new ArbitrumSettlement(
                new ArbitrumSettlement.Settings(s.rpc(), s.controller(), s.poll(), maxAge, replaceAfter, 3, Optional.empty()),
                () -> Optional.of(wallet),
                InstantSource.system());
        open.add(settlement);
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
        return settlement;
    }

    private ArbitrumSettlement settlement(Wallet wallet, URI... urls) {
        return settlement(wallet, Duration.ofMinutes(15), Duration.ofMinutes(1), urls);
    }

    private Proxy proxy() throws IOException {
        Proxy proxy = new Proxy(chain.local.url());
        open.add(proxy);
        return proxy;
    }

    private static WinningTicket winner(ArbitrumSettlement settlement) {
        return Tickets.winner(SENDER, RECIPIENT, settlement.state(Tickets.soon()));
    }

    private static Wei deposit(ArbitrumSettlement settlement) {
        return settlement.funds(SENDER.address(), RECIPIENT, Tickets.soon()).deposit();
    }

    private static Deadline in(long millis) {
        return Deadline.in(Duration.ofMillis(millis), InstantSource.system());
    }

    private static long inPool() {
        return transactionsOfPool().size();
    }

    private static List<JsonObject> transactionsOfPool() {
        JsonObject content = (JsonObject) chain.local.rpc("txpool_content");
        List<JsonObject> all = new ArrayList<>();
        for (JsonValue account : content.getJsonObject("pending").values()) {
            account.asJsonObject().values().forEach(transaction -> all.add(transaction.asJsonObject()));
        }
        return all;
    }

    @Test
    void whatAReorganisationOfFiveBlocksTakesBackIsReadAgain() {
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER);
        chain.local.mine(5);
        List<Notice> notices = new CopyOnWriteArrayList<>();
        chain.local.fund(SENDER, ETHER, Wei.ZERO);
        chain.local.mine(3);
        Waiting.until(() -> deposit(settlement).equals(ETHER.plus(ETHER)));
        Waiting.until(() -> settlement.state(Tickets.soon()).l1Block() == chain.local.block());
        ChainState before = settlement.state(Tickets.soon());
        settlement.watch(notices::add);
        chain.local.rpc("anvil_reorg", 5, Json.array());
        Waiting.until(() -> deposit(settlement).equals(ETHER));
        Waiting.until(() -> notices.contains(new Notice.FundsChanged(SENDER.address())));
        assertEquals(before.round(), settlement.state(Tickets.soon()).round());
        chain.local.fund(SENDER, ETHER, Wei.ZERO);
        Waiting.until(() -> deposit(settlement).equals(ETHER.plus(ETHER)));
    }

    @Test
    void aRedemptionThatAReorganisationTakesBackCanBeDoneAgain() {
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER);
        chain.local.mine(5);
        WinningTicket winner = winner(settlement);
        Paid first = assertInstanceOf(Paid.class, settlement.redeem(winner, Tickets.soon()));
        Waiting.until(() -> !deposit(settlement).equals(ETHER));
        // without the transaction in its pool: the chain has forgotten it
        chain.local.rpc("anvil_reorg", 3, Json.array());
        chain.local.rpc("anvil_dropAllTransactions");
        Waiting.until(() -> deposit(settlement).equals(ETHER));
        Redemption again = settlement.redeem(winner, Tickets.soon());
        assertEquals(first.amount(), assertInstanceOf(Paid.class, again).amount());
    }

    @Test
    void aRoundThatAReorganisationTakesBackIsNotTheRoundAnyMore() {
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER);
        long round = settlement.state(Tickets.soon()).round();
        chain.local.nextRound();
        chain.local.mine(2);
        Waiting.until(() -> settlement.state(Tickets.soon()).round() == round + 1);
        chain.local.rpc("anvil_reorg", 5, Json.array());
        Waiting.until(() -> settlement.state(Tickets.soon()).round() == round);
    }

    @Test
    void whileTheWireIsCutWhatIsKnownIsStillToldAndAfterwardsTheGapIsFilled() throws Exception {
        Proxy proxy = proxy();
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER, proxy.url());
        List<Notice> notices = new CopyOnWriteArrayList<>();
        settlement.watch(notices::add);
        assertEquals(ETHER, deposit(settlement));
        WinningTicket winner = winner(settlement);
        proxy.cut();
        chain.local.fund(SENDER, ETHER, Wei.ZERO);
        chain.local.mine(1100);
        Fault fault = assertThrows(Fault.class, () -> settlement.redeem(winner, in(3000)));
        assertEquals(Fault.Consequence.RETRY_HERE, fault.consequence());
        assertEquals(ETHER, deposit(settlement));
        assertTrue(settlement.state(Tickets.soon()).poolSize() == 1);
        notices.clear();
        proxy.mend();
        Waiting.until(() -> notices.contains(new Notice.FundsChanged(SENDER.address())));
        assertEquals(ETHER.plus(ETHER), deposit(settlement));
        Waiting.until(() -> settlement.state(Tickets.soon()).l1Block() == chain.local.block());
    }

    @Test
    void whatIsTooOldIsNotToldAnyMore() throws Exception {
        Proxy proxy = proxy();
        ArbitrumSettlement settlement =
                settlement(TestChain.REDEEMER, Duration.ofMillis(500), Duration.ofMinutes(1), proxy.url());
        proxy.cut();
        Waiting.until(() -> !ArbitrumSettlementTest.seen(settlement));
        Fault fault = assertThrows(Fault.class, () -> settlement.state(Tickets.soon()));
        assertTrue(fault.getMessage().contains("seconds old"), fault.getMessage());
        assertThrows(Fault.class, () -> deposit(settlement));
        proxy.mend();
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
    }

    @Test
    void anotherNodeTakesOverWhenOneFails() throws Exception {
        Proxy first = proxy();
        Proxy second = proxy();
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER, first.url(), second.url());
        first.cut();
        assertInstanceOf(Paid.class, settlement.redeem(winner(settlement), Tickets.soon()));
        first.mend();
        second.cut();
        assertInstanceOf(Paid.class, settlement.redeem(winner(settlement), Tickets.soon()));
    }

    @Test
    void answersAreCheckedAcrossNodesThatAgree() throws Exception {
        Proxy first = proxy();
        Proxy second = proxy();
        ArbitrumSettlement settlement = checked(first.url(), second.url());
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
        assertInstanceOf(Paid.class, settlement.redeem(winner(settlement), Tickets.soon()));
        Waiting.until(() -> !deposit(settlement).equals(ETHER));
        second.cut();
        Fault alone = assertThrows(
                Fault.class,
                () -> settlement.funds(TestChain.STRANGER.address(), Address.NONE, Tickets.soon()));
        assertTrue(alone.getMessage().contains("only"), alone.getMessage());
    }

    @Test
    void nodesOfWhichOneLiesAreNotBelieved() throws Exception {
        try (TestChain other = TestChain.start()) {
            other.local.mine(5);
            chain.local.mine(10);
            ArbitrumSettlement settlement = checked(chain.local.url(), other.local.url());
            Waiting.until(() -> message(settlement).contains("differently"));
        }
    }

    private static String message(ArbitrumSettlement settlement) {
        return assertThrows(Fault.class, () -> settlement.state(Tickets.soon())).getMessage();
    }

    private ArbitrumSettlement checked(URI... urls) {
        ArbitrumSettlement.Settings s = chain.settings(urls);
        Rpc.Settings rpc = new Rpc.Settings(List.of(urls), 0, s.rpc().timeout(), true);
        ArbitrumSettlement settlement = new ArbitrumSettlement(
                new ArbitrumSettlement.Settings(rpc, s.controller(), s.poll(), s.maxAge(), s.replaceAfter(), 1, Optional.empty()),
                () -> Optional.of(TestChain.REDEEMER),
                InstantSource.system());
        open.add(settlement);
        return settlement;
    }

    /** The node takes the transaction, and its answer is lost. */
    @Test
    void aTransactionWhoseAnswerIsLostIsNotSentTwice() throws Exception {
        Proxy proxy = proxy();
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER, proxy.url());
        WinningTicket winner = winner(settlement);
        BigInteger nonce = nonce();
        proxy.silence("eth_sendRawTransaction");
        Redemption redemption = settlement.redeem(winner, Tickets.soon());
        Paid paid = assertInstanceOf(Paid.class, redemption);
        assertEquals(Tickets.FACE_VALUE, paid.amount().amount());
        assertEquals(nonce.add(BigInteger.ONE), nonce());
    }

    private static BigInteger nonce() {
        return Chain.number(chain.local.rpc("eth_getTransactionCount", TestChain.REDEEMER.address(), "pending"));
    }

    @Test
    void ofTwoThatRedeemATicketOneIsPaidAndTheOtherHearsThatItIsUsed() throws Exception {
        ArbitrumSettlement one = settlement(DevAccount.of(7));
        ArbitrumSettlement other = settlement(DevAccount.of(8));
        WinningTicket winner = winner(one);
        chain.local.rpc("evm_setAutomine", false);
        CompletableFuture<Redemption> first = CompletableFuture.supplyAsync(() -> one.redeem(winner, Tickets.soon()));
        CompletableFuture<Redemption> second = CompletableFuture.supplyAsync(() -> other.redeem(winner, Tickets.soon()));
        Waiting.until(() -> inPool() == 2);
        chain.local.mine(1);
        List<Redemption> both = List.of(first.get(), second.get());
        assertEquals(1, both.stream().filter(Paid.class::isInstance).count(), both.toString());
        Refused refused = both.stream()
                .filter(Refused.class::isInstance)
                .map(Refused.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals(Reason.USED, refused.reason(), refused.message());
        Waiting.until(() -> deposit(one).equals(ETHER.minus(new Wei(Tickets.FACE_VALUE))));
    }

    @Test
    void eightAtOnceGetANonceEach() throws Exception {
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER);
        BigInteger nonce = nonce();
        List<CompletableFuture<Redemption>> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            WinningTicket winner = winner(settlement);
            CompletableFuture<Redemption> future = new CompletableFuture<>();
            all.add(future);
            threads.add(Thread.ofVirtual()
                    .unstarted(() -> future.complete(settlement.redeem(winner, Tickets.soon()))));
        }
        threads.forEach(Thread::start);
        for (CompletableFuture<Redemption> future : all) {
            assertInstanceOf(Paid.class, future.get());
        }
        assertEquals(nonce.add(BigInteger.valueOf(24)), nonce());
    }

    @Test
    void aRejectedTransactionLeavesNoGap() {
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER);
        chain.local.rpc("anvil_setBalance", TestChain.REDEEMER.address(), "0x1");
        assertInstanceOf(Refused.class, settlement.redeem(winner(settlement), Tickets.soon()));
        chain.local.rpc("anvil_setBalance", TestChain.REDEEMER.address(), Json.hex(ETHER.amount()));
        assertInstanceOf(Paid.class, settlement.redeem(winner(settlement), Tickets.soon()));
    }

    @Test
    void aTransactionOfTheAccountThatWasSentElsewhereIsSteppedOver() {
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER);
        assertInstanceOf(Paid.class, settlement.redeem(winner(settlement), Tickets.soon()));
        chain.local.send(TestChain.REDEEMER.address(), RECIPIENT, "0x", Wei.of(1));
        assertInstanceOf(Paid.class, settlement.redeem(winner(settlement), Tickets.soon()));
    }

    @Test
    void aStuckTransactionIsReplacedByOneThatOffersMore() throws Exception {
        ArbitrumSettlement settlement =
                settlement(TestChain.REDEEMER, Duration.ofMinutes(15), Duration.ofMillis(400));
        WinningTicket winner = winner(settlement);
        BigInteger nonce = nonce();
        chain.local.rpc("evm_setAutomine", false);
        assertInstanceOf(NotKnown.class, settlement.redeem(winner, in(1000)));
        JsonObject first = transactionsOfPool().getFirst();
        Waiting.until(() -> inPool() == 1
                && !transactionsOfPool().getFirst().getString("hash").equals(first.getString("hash")));
        JsonObject replaced = transactionsOfPool().getFirst();
        BigInteger cap = Json.number(first.get("maxFeePerGas"));
        BigInteger tenTimes = Json.number(replaced.get("maxFeePerGas")).multiply(BigInteger.TEN);
        assertTrue(tenTimes.compareTo(cap.multiply(BigInteger.valueOf(11))) >= 0, replaced.toString());
        // calling again waits for the same one
        CompletableFuture<Redemption> again = CompletableFuture.supplyAsync(() -> settlement.redeem(winner, Tickets.soon()));
        chain.local.mine(1);
        Paid paid = assertInstanceOf(Paid.class, again.get());
        assertNotEquals(Bytes.hex(first.getString("hash").substring(2)), paid.transaction());
        assertEquals(nonce.add(BigInteger.ONE), nonce());
        assertEquals(0, inPool());
    }

    @Test
    void whoStopsWaitingBeforeAnythingIsSentSendsNothing() throws Exception {
        Proxy proxy = proxy();
        ArbitrumSettlement settlement = settlement(TestChain.REDEEMER, proxy.url());
        WinningTicket winner = winner(settlement);
        proxy.cut();
        assertThrows(Fault.class, () -> settlement.redeem(winner, in(1)));
        proxy.mend();
        assertEquals(BigInteger.ZERO, chain.local.number("TicketBroker", "usedTickets", winner.hash()));
        Waiting.until(() -> settlement.state(Tickets.soon()) != null);
        assertInstanceOf(Paid.class, settlement.redeem(winner, Tickets.soon()));
    }
}
