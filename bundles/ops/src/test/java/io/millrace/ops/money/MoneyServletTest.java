package io.millrace.ops.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.node.NodeControl.PriceQuote;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.LedgerEntry.TicketsSent;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.testkit.InMemoryLedger;
import io.millrace.testkit.InMemorySettlement;
import io.millrace.testkit.InMemoryWallet;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SampleEvents.PaymentReceived;
import io.millrace.testkit.SampleEvents.PaymentStaged;
import io.millrace.testkit.SampleEvents.TicketRedeemed;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MoneyServletTest {

    private static final Bytes SECRET = Keccak256.of(Bytes.utf8("secret"));

    private final ManualClock clock = new ManualClock();
    private final MoneyHistory history = new MoneyHistory(clock);
    private final FakeNode node = new FakeNode();
    private final MoneyServlet servlet = new MoneyServlet(node, history);
    private final InMemoryWallet.Registry registry = new InMemoryWallet.Registry();
    private final InMemoryWallet own = registry.wallet("own");
    private final InMemoryWallet gateway = registry.wallet("gateway");
    private final InMemoryWallet orchestrator = registry.wallet("orchestrator");
    private final InMemorySettlement chain = new InMemorySettlement(own);
    private final InMemoryLedger ledger = new InMemoryLedger();

    private void onChain() {
        servlet.bindWallet(own);
        servlet.bindSettlement(chain);
        servlet.bindLedger(ledger);
    }

    private WinningTicket winner(long nonce) {
        TicketParams params = new TicketParams(
                own.address(),
                BigInteger.valueOf(4000),
                Ticket.MAX_WIN_PROBABILITY,
                Keccak256.of(SECRET),
                BigInteger.TWO,
                BigInteger.valueOf(140),
                1,
                Keccak256.of(Bytes.utf8("block")));
        return new WinningTicket(new Ticket(gateway.address(), params, nonce), Bytes.wrap(new byte[65]), SECRET);
    }

    @Test
    void whatAGatewayWouldBeQuotedIsToldWithItsReasons() throws Exception {
        String ask = "/api/money/price?for=0x" + "11".repeat(20);
        assertEquals(404, get(ask).statusCode());
        TicketParams params = winner(1).ticket().params();
        node.quote = Optional.of(new PriceQuote(
                Optional.of(Price.of(937_500_003, 100)),
                Optional.of(Price.of(5_000_000, 1)),
                Optional.of(params),
                List.of("pricePerUnit is 5000000"),
                Optional.empty()));
        assertEquals(
                "{\"price\":\"937500003/100\",\"base\":\"5000000\",\"ticketValue\":\"4000\",\"faceValue\":\"4000\","
                        + "\"reasons\":[\"pricePerUnit is 5000000\"],\"refusal\":null}",
                get(ask + "&capability=text-to-image&model=a/b").body());
        for (String wrong : List.of(
                "/api/money/price", "/api/money/price?for=me", ask + "&capability=x", ask + "&model=a")) {
            assertEquals(400, get(wrong).statusCode(), wrong);
        }
    }

    @Test
    void pricesAreShownAsTheyAreConfiguredAndInWei() throws Exception {
        node.prices = List.of(
                new ConfiguredPrice(Address.NONE, OptionalInt.empty(), "", "1USD", Optional.empty()),
                new ConfiguredPrice(own.address(), OptionalInt.of(27), "a", "7/2", Optional.of(Rational.of(7, 2))));
        String body = get("/api/money").body();
        assertTrue(body.contains("{\"gateway\":null,\"capability\":null,\"model\":\"\",\"price\":\"1USD\",\"wei\":null}"), body);
        assertTrue(body.contains("\"capability\":\"text-to-image\",\"model\":\"a\",\"price\":\"7/2\",\"wei\":\"7/2\"}"), body);
    }

    @Test
    void anOffChainNodeHasNoMoney() throws Exception {
        HttpResponse<String> answer = get("/api/money");
        assertEquals(200, answer.statusCode());
        assertEquals("{\"account\":null,\"newest\":[],\"minutes\":[],\"problems\":[]}", answer.body());
        assertEquals(404, get("/api/money/journal.csv").statusCode());
        assertEquals(404, get("/api/money/other").statusCode());
    }

    @Test
    void whatWasEarnedPaidAndWaitsIsExact() throws Exception {
        onChain();
        chain.fund(own.address(), new Wei(new BigInteger("1000000000000000001")), Wei.of(7));
        BalanceKey from = BalanceKey.received(gateway.address(), new BalanceId("session"));
        BalanceKey to = BalanceKey.paid(orchestrator.address(), new BalanceId("session"));
        ledger.append(Instant.EPOCH, List.of(
                new Credited(from, Rational.of(7001, 2)),
                new Debited(from, Rational.of(100, 1)),
                new TicketWon(winner(1)),
                new TicketWon(winner(2)),
                new HandedOver(winner(2).hash(), "https://10.0.0.7:8935"),
                new RedemptionFailed(winner(2).hash(), "no answer"),
                new Redeemed(winner(1).hash(), Bytes.utf8("tx"), Wei.of(3999)),
                new TicketsSent(to, Bytes.EMPTY, 1, 2, Rational.of(2000, 1), BigInteger.TEN),
                new Debited(to, Rational.of(1500, 1))));
        String body = get("/api/money").body();
        for (String part : List.of(
                "\"account\":\"" + own.address().checksummed() + "\"",
                "\"deposit\":\"1000000000000000001\",\"reserve\":\"7\",\"withdrawRound\":0",
                "\"round\":1,\"roundInitialized\":true,\"l1Block\":100",
                "\"received\":[{\"peer\":\"" + gateway.address().checksummed() + "\",\"value\":\"3500\",\"work\":\"100\","
                        + "\"winners\":2,\"faceValue\":\"8000\",\"redeemed\":1,\"paid\":\"3999\"}]",
                "\"sent\":[{\"peer\":\"" + orchestrator.address().checksummed() + "\",\"value\":\"2000\",\"work\":\"1500\"}]",
                "\"pending\":[{\"sender\":\"" + gateway.address().checksummed() + "\",\"faceValue\":\"4000\","
                        + "\"expirationBlock\":\"140\",\"tries\":0,\"inFlight\":false,"
                        + "\"redeemer\":\"https://10.0.0.7:8935\",\"lastFailure\":\"no answer\"}]")) {
            assertTrue(body.contains(part), part + " in " + body);
        }
        assertFalse(body.contains(SECRET.hex()));
    }

    @Test
    void howLimitsAreUsedAndForWhomTheNodeWorksIsShown() throws Exception {
        onChain();
        assertFalse(get("/api/money").body().contains("\"limits\""));
        assertFalse(get("/api/money").body().contains("\"orchestrator\""));
        node.limits = List.of(new SpendLimit("maxPerHour", "tickets in this hour", Wei.of(9), Wei.of(10)));
        own.orchestrator(orchestrator.address());
        String body = get("/api/money").body();
        assertTrue(
                body.contains("\"limits\":[{\"name\":\"maxPerHour\",\"what\":\"tickets in this hour\",\"spent\":\"9\","
                        + "\"most\":\"10\"}]"),
                body);
        assertTrue(body.contains("\"orchestrator\":\"" + orchestrator.address().checksummed() + "\""), body);
    }

    @Test
    void aChainThatCannotBeAskedLeavesTheBooksReadable() throws Exception {
        onChain();
        chain.reachable(false);
        String body = get("/api/money").body();
        assertTrue(body.contains("the chain cannot be asked now: "), body);
        assertTrue(body.contains("\"received\":[]"), body);
    }

    @Test
    void theJournalIsForPeopleAndPrograms() throws Exception {
        onChain();
        ledger.append(Instant.EPOCH, List.of(new TicketWon(winner(1))));
        HttpResponse<String> csv = get("/api/money/journal.csv");
        assertEquals("text/csv;charset=utf-8", csv.headers().firstValue("content-type").orElseThrow().replace(" ", ""));
        assertEquals("kind\r\nTicketWon", csv.body());
        assertEquals("[{\"kind\":\"TicketWon\"}]", get("/api/money/journal.json").body());
    }

    @Test
    void whatHappensIsToldAndSummedUpByMinute() throws Exception {
        history.happened(new PaymentStaged(orchestrator.address(), 2, Rational.of(21, 2), Optional.empty()));
        history.happened(new PaymentReceived(gateway.address(), 3, Rational.of(30, 1), 1, Optional.empty()));
        clock.advance(Duration.ofSeconds(61));
        history.happened(new TicketRedeemed(gateway.address(), Wei.of(4000), Optional.empty()));
        history.happened(new TicketRedeemed(gateway.address(), Wei.ZERO, Optional.of("sender is unlocked")));
        assertEquals(
                List.of("not redeemed", "redeemed", "won", "sent"),
                history.newest().stream().map(line -> line.get("what")).toList());
        List<Map<String, Object>> minutes = history.minutes();
        assertEquals(2, minutes.size());
        assertEquals("30", minutes.getFirst().get("received"));
        assertEquals("10", minutes.getFirst().get("sent"));
        assertEquals("4000", minutes.getLast().get("redeemed"));
    }

    @Test
    void whatStrangersDoIsKeptWithinBounds() {
        for (int i = 0; i < 10_000; i++) {
            history.happened(new PaymentReceived(
                    registry.wallet("stranger " + i).address(), 1, Rational.ZERO, 0, Optional.of("PAYMENT")));
            clock.advance(Duration.ofMinutes(1));
        }
        assertEquals(MoneyHistory.NEWEST, history.newest().size());
        assertEquals(MoneyHistory.MINUTES, history.minutes().size());
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (AdminServer server = new AdminServer(0, Map.of("/api/money/*", servlet))) {
            return server.get(path);
        }
    }
}
