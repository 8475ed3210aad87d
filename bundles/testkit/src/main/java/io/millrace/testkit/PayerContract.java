package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Payer.Declined;
import io.millrace.api.payment.Payer.Declined.Reason;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.payment.Payer.Spend;
import io.millrace.api.payment.Payer.Staging;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Payer} of an account does with offers whose prices are not zero. */
public abstract class PayerContract {

    private static final Settled NOT_SENT = new Settled.NotSent();
    private static final Settled LOST = new Settled.Lost();

    private Payer payer;

    /** A payer whose account has funds, with nothing paid yet. */
    protected abstract Payer payer();

    /**
     * An offer of this session that the payer can accept, with new terms each time. Its price is the same for all
     * sessions and more than zero.
     */
    protected abstract Offer offer(String session);

    /** An offer of this session whose terms have expired. */
    protected abstract Offer expired(String session);

    @BeforeEach
    void openPayer() {
        payer = payer();
    }

    @Test
    void aPaymentNamesTheSenderTheTermsAndThePrice() {
        Offer offer = offer("one");
        Payment payment = pay(offer, 1).payment();
        assertFalse(payment.sender().equals(Address.NONE));
        assertEquals(offer.price(), payment.expectedPrice());
        TicketParams offered = offer.ticketParams().orElseThrow();
        TicketParams sent = payment.params().orElseThrow();
        assertEquals(offered.recipientRandHash(), sent.recipientRandHash());
        assertEquals(offered.faceValue(), sent.faceValue());
        assertEquals(offered.seed(), sent.seed());
        assertTrue(payment.tickets().stream().allMatch(ticket -> ticket.signature().size() == 65));
    }

    @Test
    void ticketsCoverTheFeeAndAtLeastOneIsSentFirst() {
        Offer offer = offer("one");
        Payment small = pay(offer, 1).payment();
        assertEquals(List.of(1L), nonces(small));
        Payment large = pay(offer("other"), unitsOf(offer, 5)).payment();
        assertTrue(worth(large).compareTo(fee(offer, unitsOf(offer, 5))) >= 0);
        assertTrue(large.tickets().size() >= 5 && large.tickets().size() <= 6);
    }

    @Test
    void newTermsBeginWithTheFirstNonceAndOldOnesGoOn() {
        Offer offer = offer("one");
        assertEquals(List.of(1L), nonces(pay(offer, 1).payment()));
        assertEquals(List.of(2L), nonces(pay(offer, 1).payment()));
        assertEquals(List.of(1L), nonces(pay(offer("one"), 1).payment()));
    }

    @Test
    void noNonceIsGivenOutTwiceHoweverManyPayAtOnce() {
        Offer offer = offer("one");
        Set<Long> all = new HashSet<>();
        List<Long> given = IntStream.range(0, 40)
                .parallel()
                .mapToObj(n -> {
                    Spend spend = pay(offer, unitsOf(offer, 2));
                    spend.settle(n % 2 == 0 ? LOST : NOT_SENT);
                    return nonces(spend.payment());
                })
                .flatMap(List::stream)
                .toList();
        given.forEach(nonce -> assertTrue(all.add(nonce), "nonce " + nonce));
    }

    @Test
    void whatIsLeftIsUsedFirst() {
        Offer offer = offer("one");
        Spend spend = pay(offer, unitsOf(offer, 3));
        spend.settle(new Settled.Used(BigInteger.ZERO));
        Payment next = pay(offer, unitsOf(offer, 3)).payment();
        assertEquals(List.of(), next.tickets());
        assertEquals(Optional.empty(), next.params());
        assertEquals(offer.price(), next.expectedPrice());
    }

    @Test
    void whatIsUnderWayForOneJobIsNotUsedForAnother() {
        Offer offer = offer("one");
        pay(offer, unitsOf(offer, 3)).settle(new Settled.Used(BigInteger.ZERO));
        Spend first = pay(offer, 1);
        assertEquals(1, pay(offer, 1).payment().tickets().size());
        first.settle(NOT_SENT);
        assertEquals(0, pay(offer, 1).payment().tickets().size());
    }

    @Test
    void moreUsedThanPaidIsPaidWithTheNext() {
        Offer offer = offer("one");
        pay(offer, 1).settle(new Settled.Used(BigInteger.valueOf(unitsOf(offer, 3))));
        int tickets = pay(offer, 1).payment().tickets().size();
        assertTrue(tickets == 3 || tickets == 4, tickets + " tickets");
    }

    @Test
    void ticketsThatWereNotSentAreNoCreditAndNeitherAreLostOnes() {
        for (Settled outcome : List.of(NOT_SENT, LOST, new Settled.NotKnown())) {
            Offer offer = offer(outcome.getClass().getSimpleName());
            pay(offer, 1).settle(outcome);
            assertEquals(1, pay(offer, 1).payment().tickets().size(), outcome.toString());
        }
    }

    @Test
    void whatBecameOfAPaymentCountsOnce() {
        Offer offer = offer("one");
        Spend spend = pay(offer, 1);
        spend.settle(LOST);
        spend.settle(new Settled.Used(BigInteger.ZERO));
        assertEquals(1, pay(offer, 1).payment().tickets().size());
    }

    @Test
    void balancesOfSessionsAreKeptApart() {
        pay(offer("one"), 1).settle(new Settled.Used(BigInteger.ZERO));
        assertEquals(1, pay(offer("other"), 1).payment().tickets().size());
        assertEquals(0, pay(offer("one"), 1).payment().tickets().size());
    }

    @Test
    void aPriceOverTheMaximumIsDeclined() {
        Offer offer = offer("one");
        Price price = offer.price().orElseThrow();
        assertInstanceOf(Spend.class, payer.stage(PaymentRequest.of(offer, 1).atMost(price), soon()));
        Price less = new Price(price.wei(), price.units().add(BigInteger.ONE));
        assertDeclined(Reason.PRICE, payer.stage(PaymentRequest.of(offer, 1).atMost(less), soon()));
    }

    @Test
    void anOfferWithoutPriceOrTermsIsDeclined() {
        Offer offer = offer("one");
        Offer priceless = offer.but(offer.token()).price(Optional.empty()).build();
        assertDeclined(Reason.PRICE, payer.stage(PaymentRequest.of(priceless, 1), soon()));
        Offer without = offer.but(offer.token()).ticketParams(Optional.empty()).build();
        assertDeclined(Reason.TERMS, payer.stage(PaymentRequest.of(without, 1), soon()));
    }

    @Test
    void expiredTermsAreDeclinedAndNothingIsSetAside() {
        assertDeclined(Reason.TERMS_EXPIRED, payer.stage(PaymentRequest.of(expired("one"), 1), soon()));
        assertEquals(1, pay(offer("one"), 1).payment().tickets().size());
    }

    private Spend pay(Offer offer, long units) {
        return assertInstanceOf(Spend.class, payer.stage(PaymentRequest.of(offer, units), soon()));
    }

    private static void assertDeclined(Reason reason, Staging staging) {
        assertEquals(reason, assertInstanceOf(Declined.class, staging).reason());
    }

    private static List<Long> nonces(Payment payment) {
        return payment.tickets().stream().map(Payment.Ticket::nonce).toList();
    }

    private static Rational worth(Payment payment) {
        return Ticket.expectedValue(payment.params().orElseThrow())
                .times(Rational.of(payment.tickets().size(), 1));
    }

    private static Rational fee(Offer offer, long units) {
        return offer.price().orElseThrow().of(BigInteger.valueOf(units));
    }

    /** Units that cost about so many tickets. */
    private static long unitsOf(Offer offer, int tickets) {
        return Ticket.expectedValue(offer.ticketParams().orElseThrow())
                .times(Rational.of(tickets, 1))
                .dividedBy(offer.price().orElseThrow().perUnit())
                .floor()
                .longValueExact();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20), InstantSource.system());
    }
}
