package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.Payer.Declined;
import io.millrace.api.payment.Payer.Declined.Reason;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.payment.Payer.Spend;
import io.millrace.api.payment.Payer.Staging;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import io.millrace.kernel.Role;
import io.millrace.testkit.InMemoryWallet;
import io.millrace.testkit.PaymentRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicketPayerTest {

    private static final String SESSION = "0a1b2c3d";
    private static final BigInteger FIVE = BigInteger.valueOf(5);

    private final MoneyRig rig = new MoneyRig();
    private final TicketPayer payer = rig.payer();

    /** go-livepeer: core/accounting_test.go, TestStageUpdate: existing credit, least credit, tickets of 1 wei each. */
    @Test
    void ticketsFillTheGapBetweenBalanceAndFee() {
        assertTickets(0, Rational.of(2, 1), 1);
        assertTickets(0, Rational.of(2, 1), 2);
        assertTickets(4, Rational.of(1, 1), 5);
        assertTickets(2, Rational.of(1, 4), 2);
        assertTickets(7, Rational.of(-5, 1), 2);
        assertTickets(2, Rational.ZERO, 2);
    }

    @Test
    void theBalanceIsZeroWhileAJobIsUnderWay() {
        Offer offer = offerOfOneWei();
        credit(offer, Rational.of(7, 1));
        Spend spend = pay(offer, 3);
        assertEquals(Rational.ZERO, balance(offer));
        spend.settle(new Settled.Used(BigInteger.TWO));
        assertEquals(Rational.of(5, 1), balance(offer));
    }

    @Test
    void anUnknownEndIsBookedAsTheWorseOfTwo() {
        Offer offer = offerOfOneWei();
        credit(offer, Rational.of(3, 1));
        // three and two new tickets for a fee of five: had the orchestrator worked, nothing would be left
        pay(offer, 5).settle(new Settled.NotKnown());
        assertEquals(Rational.of(0, 1), balance(offer));
        credit(offer, Rational.of(-2, 1));
        // had it not taken the tickets, the debt would still be there
        pay(offer, 1).settle(new Settled.NotKnown());
        assertEquals(Rational.of(-2, 1), balance(offer));
        credit(offer, Rational.of(9, 1));
        pay(offer, 4).settle(new Settled.NotKnown());
        assertEquals(Rational.of(3, 1), balance(offer));
    }

    @Test
    void aBalanceThatTheOrchestratorForgetsIsNotCountedOn() {
        Offer offer = offerOfOneWei();
        credit(offer, Rational.of(7, 1));
        rig.clock.advance(Duration.ofMinutes(9));
        Spend spend = pay(offer, 3);
        assertEquals(0, spend.payment().tickets().size());
        spend.settle(new Settled.NotSent());
        rig.clock.advance(Duration.ofMinutes(9).plusMillis(1));
        assertEquals(3, pay(offer, 3).payment().tickets().size());
    }

    @Test
    void aPriceThatHasMoreThanDoubledIsDeclined() {
        pay(offerAt(Price.of(3, 2)), 1);
        pay(offerAt(Price.of(3, 1)), 1);
        assertEquals(
                new Declined(
                        Reason.PRICE,
                        "Orchestrator price has more than doubled, Orchestrator price: 31/10, "
                                + "Orchestrator initial price: 3/2"),
                stage(offerAt(Price.of(31, 10)), 1));
    }

    @Test
    void aPaymentHoldsNoMoreTicketsThanAnOrchestratorTakes() {
        Offer offer = offerOfOneWei();
        assertEquals(
                new Declined(Reason.TERMS, "601 tickets would be needed, and an orchestrator takes 600"),
                stage(offer, 601));
        pay(offer, 400).settle(new Settled.Lost());
        assertEquals(
                new Declined(Reason.TERMS_EXPIRED, "all 600 nonces of these terms are used"), stage(offer, 201));
        assertEquals(200, pay(offer, 200).payment().tickets().size());
    }

    @Test
    void numbersThatNoTicketCanHaveAreDeclined() {
        TicketParams good = offerOfOneWei().ticketParams().orElseThrow();
        TicketParams bad = new TicketParams(
                good.recipient(),
                good.faceValue(),
                good.winProbability(),
                Bytes.wrap(new byte[31]),
                good.seed(),
                good.expirationBlock(),
                good.creationRound(),
                good.creationRoundBlockHash());
        assertEquals(Reason.TERMS, declined(stage(offerOf(bad), 1)).reason());
    }

    @Test
    void termsWithoutARoundAreOfTheLastRound() {
        TicketParams good = offerOfOneWei().ticketParams().orElseThrow();
        TicketParams undated = new TicketParams(
                good.recipient(),
                good.faceValue(),
                good.winProbability(),
                good.recipientRandHash(),
                good.seed(),
                good.expirationBlock(),
                0,
                Bytes.wrap(new byte[32]));
        TicketParams sent = pay(offerOf(undated), 1).payment().params().orElseThrow();
        assertEquals(1, sent.creationRound());
        assertEquals(rig.chain.state(rig.soon()).roundBlockHash(), sent.creationRoundBlockHash());
    }

    @Test
    void nothingIsPaidWithoutWalletLedgerOrChain() {
        Offer offer = offerOfOneWei();
        MoneySide side = rig.gateway;
        side.wallets.unbind(side.wallet);
        assertUnavailable(offer);
        side.wallets.bind(side.wallet, 0);
        side.ledgers.unbind(side.ledger);
        assertUnavailable(offer);
        side.ledgers.bind(side.ledger, 0);
        side.settlements.unbind(rig.chain);
        assertUnavailable(offer);
        side.settlements.bind(rig.chain, 0);
        rig.chain.reachable(false);
        assertUnavailable(offer);
        rig.chain.reachable(true);
        assertEquals(List.of(1L), nonces(pay(offer, 1)));
    }

    @Test
    void aKeyThatCannotBeUsedCostsNoncesButNoCredit() {
        Offer offer = offerOfOneWei();
        credit(offer, Rational.of(2, 1));
        rig.gateway.wallet.available(false);
        assertUnavailable(offer, 5);
        assertEquals(Rational.of(2, 1), balance(offer));
        rig.gateway.wallet.available(true);
        assertEquals(List.of(4L, 5L, 6L), nonces(pay(offer, 5)));
    }

    @Test
    void aWalletOfAnotherAccountSignsItsOwnTickets() {
        Offer offer = offerOfOneWei();
        InMemoryWallet other = rig.registry.wallet("other");
        rig.chain.fund(other.address(), Wei.of(1000), Wei.of(1000));
        pay(offer, 1);
        rig.gateway.wallets.bind(other, 5);
        Spend spend = pay(offer, 1);
        assertEquals(other.address(), spend.payment().sender());
        Ticket ticket = new Ticket(
                other.address(),
                spend.payment().params().orElseThrow(),
                spend.payment().tickets().getFirst().nonce());
        assertTrue(other.verify(
                other.address(), ticket.hash(), spend.payment().tickets().getFirst().signature()));
    }

    @Test
    void anEndThatCannotBeWrittenIsWrittenBeforeTheNextPayment() {
        Offer offer = offerOfOneWei();
        Spend spend = pay(offer, 3);
        rig.gateway.ledger.full(true);
        spend.settle(new Settled.Used(BigInteger.ONE));
        assertUnavailable(offer);
        rig.gateway.ledger.full(false);
        assertEquals(0, pay(offer, 2).payment().tickets().size());
    }

    private TicketPayer limited(MoneySide side, long hour, long day, long peerDay) {
        SenderLimits limits = new SenderLimits(
                Wei.of(5000), Wei.of(1_000_000), 1, new Spending.Limits(Wei.of(hour), Wei.of(day), Wei.of(peerDay)));
        return new TicketPayer(side.ports, () -> limits);
    }

    private Staging stage(TicketPayer by, long units) {
        return by.stage(PaymentRequest.of(offerOfOneWei(), units), rig.soon());
    }

    @Test
    void noMoreIsPromisedThanTheLimitsOfHourAndDayAlsoAfterARestart() {
        TicketPayer limited = limited(rig.gateway, 10, 15, 0);
        assertInstanceOf(Spend.class, stage(limited, 9));
        Declined declined = declined(stage(limited, 2));
        assertEquals(Reason.SPEND_LIMIT, declined.reason());
        assertEquals("the limit of tickets in this hour is 10 wei (maxPerHour), and 9 wei are spent", declined.message());
        assertInstanceOf(Spend.class, stage(limited, 1));
        TicketPayer restarted = limited(rig.gateway, 10, 15, 0);
        assertEquals(100, restarted.limits().getFirst().percent());
        assertEquals(
                List.of("100 % of the limit of tickets in this hour are spent, 10 wei of 10 wei (maxPerHour)"),
                Role.near(restarted.limits()));
        assertEquals(Reason.SPEND_LIMIT, declined(stage(restarted, 1)).reason());
        rig.clock.advance(Duration.ofHours(1));
        assertInstanceOf(Spend.class, stage(restarted, 5));
        assertEquals(
                "the limit of tickets in 24 hours is 15 wei (maxPerDay), and 15 wei are spent",
                declined(stage(restarted, 1)).message());
        rig.clock.advance(Duration.ofHours(23));
        assertInstanceOf(Spend.class, stage(restarted, 10));
    }

    @Test
    void aLimitThatIsLoweredIsPassedAndSaysSo() {
        assertInstanceOf(Spend.class, pay(offerAt(Price.of(3, 2)), 100_000));
        TicketPayer limited = limited(rig.gateway, 1, 0, 0);
        assertEquals(1_000_000, limited.limits().getFirst().percent());
        assertEquals(Reason.SPEND_LIMIT, declined(stage(limited, 1)).reason());
    }

    @Test
    void creditThatIsLeftIsUsedThoughTheLimitIsReached() {
        TicketPayer limited = limited(rig.gateway, 9, 0, 0);
        ((Spend) stage(limited, 9)).settle(new Settled.Used(BigInteger.ONE));
        Spend spend = assertInstanceOf(Spend.class, stage(limited, 8));
        assertEquals(0, spend.payment().tickets().size());
    }

    @Test
    void anOrchestratorWithWhomTooMuchWasSpentIsPassedOver() {
        TicketPayer limited = limited(rig.gateway, 0, 0, 9);
        stage(limited, 9);
        Declined declined = declined(stage(limited, 1));
        assertEquals(Reason.PEER_LIMIT, declined.reason());
        assertEquals(Consequence.RETRY_ELSEWHERE, declined.reason().consequence());
        TicketParams other = offerOfOneWei().ticketParams().orElseThrow();
        Offer elsewhere = offerOf(new TicketParams(
                rig.registry.wallet("other").address(),
                other.faceValue(),
                other.winProbability(),
                other.recipientRandHash(),
                other.seed(),
                other.expirationBlock(),
                other.creationRound(),
                other.creationRoundBlockHash()));
        assertInstanceOf(Spend.class, limited.stage(PaymentRequest.of(elsewhere, 9), rig.soon()));
    }

    @Test
    void manyWhoPayAtOnceDoNotPassTheLimitTogether() throws Exception {
        TicketPayer wider = limited(rig.gateway, 20_500, 0, 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Staging>> all = IntStream.range(0, 50)
                    .mapToObj(n -> threads.submit(() ->
                            wider.stage(PaymentRequest.of(rig.offer(rig.payee(), "session" + n), 1), rig.soon())))
                    .toList();
            int paid = 0;
            for (Future<Staging> one : all) {
                paid += one.get() instanceof Spend ? 1 : 0;
            }
            assertEquals(20, paid);
        }
    }

    @Test
    void whatCannotBeWrittenIsNotSpent() {
        TicketPayer limited = limited(rig.gateway, 9, 0, 0);
        stage(limited, 1);
        rig.gateway.ledger.full(true);
        assertEquals(Reason.UNAVAILABLE, declined(stage(limited, 8)).reason());
        rig.gateway.ledger.full(false);
        assertInstanceOf(Spend.class, stage(limited, 8));
    }

    private void assertTickets(int expected, Rational existing, long fee) {
        Offer offer = offerOfOneWei();
        Rational before = balance(offer);
        credit(offer, existing.minus(before));
        Spend spend = pay(offer, fee);
        assertEquals(expected, spend.payment().tickets().size(), existing + " and a fee of " + fee);
        assertEquals(Rational.ZERO, balance(offer));
    }

    private void assertUnavailable(Offer offer) {
        assertUnavailable(offer, 1);
    }

    private void assertUnavailable(Offer offer, long units) {
        assertEquals(Reason.UNAVAILABLE, declined(stage(offer, units)).reason());
    }

    private Staging stage(Offer offer, long units) {
        return payer.stage(PaymentRequest.of(offer, units), rig.soon());
    }

    private Spend pay(Offer offer, long units) {
        return assertInstanceOf(Spend.class, stage(offer, units));
    }

    private static Declined declined(Staging staging) {
        return assertInstanceOf(Declined.class, staging);
    }

    private static List<Long> nonces(Spend spend) {
        return spend.payment().tickets().stream().map(ticket -> ticket.nonce()).toList();
    }

    private void credit(Offer offer, Rational amount) {
        rig.gateway.ledger.append(rig.clock.instant(), List.of(new Credited(key(offer), amount)));
    }

    private Rational balance(Offer offer) {
        return rig.gateway
                .ledger
                .balance(key(offer))
                .map(balance -> balance.amount())
                .orElse(Rational.ZERO);
    }

    private static BalanceKey key(Offer offer) {
        return BalanceKey.paid(
                offer.ticketParams().orElseThrow().recipient(), BalanceId.of(offer.token().session()));
    }

    /** A unit costs a wei and a ticket is worth exactly one: 2^256 - 1 is divisible by 5. */
    private Offer offerOfOneWei() {
        TicketParams made = rig.offer(rig.payee(), SESSION).ticketParams().orElseThrow();
        return offerOf(new TicketParams(
                made.recipient(),
                FIVE,
                Ticket.MAX_WIN_PROBABILITY.divide(FIVE),
                made.recipientRandHash(),
                made.seed(),
                made.expirationBlock(),
                made.creationRound(),
                made.creationRoundBlockHash()));
    }

    private Offer offerOf(TicketParams params) {
        Offer offer = rig.offer(rig.payee(), SESSION);
        return offer.but(offer.token())
                .price(Optional.of(Price.of(1, 1)))
                .ticketParams(Optional.of(params))
                .build();
    }

    private Offer offerAt(Price price) {
        Offer offer = rig.offer(rig.payee(), SESSION);
        return offer.but(offer.token()).price(Optional.of(price)).build();
    }
}
