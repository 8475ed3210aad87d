package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import io.millrace.testkit.InMemoryWallet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The texts are those that go-livepeer 0.9.1 gave to a misbehaving client. */
class TicketPayeeTest {

    private static final String SESSION = "0a1b2c3d";
    private static final BalanceId BALANCE = new BalanceId(SESSION);
    private static final String BAD_RANDOM = "invalid recipientRand for ticket recipientRandHash";

    private final MoneyRig rig = new MoneyRig();
    private final TicketPayee payee = rig.payee();
    private final InMemoryWallet wallet = rig.gateway.wallet;

    @Test
    void theTermsAreMadeForTheCaller() {
        Payee.Terms terms = terms(JobSpec.anything(), rig.caller(SESSION));
        assertEquals(Optional.of(Price.of(3, 2)), terms.price());
        TicketParams params = terms.ticketParams().orElseThrow();
        assertEquals(rig.orchestrator.wallet.address(), params.recipient());
        assertEquals(BigInteger.valueOf(4000), params.faceValue());
        assertEquals(1000, Ticket.expectedValue(params).floor().intValueExact());
        assertEquals(BigInteger.valueOf(140), params.expirationBlock());
        assertEquals(1, params.creationRound());
        assertEquals(rig.chain.state(rig.soon()).roundBlockHash(), params.creationRoundBlockHash());
        assertNotEquals(
                params.recipientRandHash(),
                terms(JobSpec.anything(), rig.caller(SESSION)).ticketParams().orElseThrow().recipientRandHash());
    }

    /** go-livepeer: cmd/livepeer/starter, -ethOrchAddr is the recipient of tickets and the claimant of reserves. */
    @Test
    void ticketsAreMadeOutToTheOrchestratorThatTheWalletWorksFor() {
        Address cold = rig.registry.wallet("cold").address();
        rig.orchestrator.wallet.orchestrator(cold);
        assertNoTerms(Reason.PAYMENT_INACTIVE, "insufficient sender reserve", rig.caller(SESSION));
        rig.chain.activate(cold);
        TicketParams params = offered();
        assertEquals(cold, params.recipient());
        assertTaken(pay(params, 1));
        rig.orchestrator.wallet.orchestrator(rig.orchestrator.wallet.address());
        assertRefused(Reason.PAYMENT, "invalid ticket recipient", pay(params, 2));
    }

    @Test
    void allPricesAreToldToWhoAsksForEverything() {
        assertEquals(
                Price.of(7, 1),
                terms(JobSpec.anything(), rig.caller(SESSION)).prices().get(35).get("a/model"));
        assertTrue(terms(JobSpec.needing(Capabilities.NONE), rig.caller(SESSION)).prices().isEmpty());
    }

    @Test
    void aRoundWithoutABlockHashIsReplacedByTheOneBefore() {
        Bytes before = rig.chain.state(rig.soon()).roundBlockHash();
        rig.chain.nextRound();
        rig.chain.loseBlockHash();
        TicketParams params = offered();
        assertEquals(1, params.creationRound());
        assertEquals(before, params.creationRoundBlockHash());
        assertTaken(pay(params, 1));
    }

    @Test
    void aSenderWithoutReserveGetsNoTerms() {
        Caller poor = new Caller(rig.registry.wallet("poor").address(), Bytes.EMPTY, Optional.empty());
        assertNoTerms(Reason.PAYMENT_RESERVE, "insufficient sender reserve", poor);
        assertNoTerms(Reason.PAYMENT_RESERVE, "insufficient sender reserve", Caller.ANONYMOUS);
    }

    @Test
    void termsSayHowTheirPriceComesAbout() {
        Payee.Terms terms = terms(JobSpec.anything(), new Caller(rig.gateway.wallet.address(), Bytes.EMPTY, Optional.empty()));
        assertEquals(Optional.of(Price.of(3, 2)), terms.base());
        assertEquals(
                List.of("there is one price", "the cost of redeeming tickets is not added, since adjustPrice is off"),
                terms.reasons());
    }

    @Test
    void whatIsBeingRedeemedCountsAgainstTheReserve() {
        Address poor = rig.registry.wallet("poor").address();
        rig.chain.fund(poor, Wei.of(1), Wei.of(5000));
        Caller caller = new Caller(poor, Bytes.EMPTY, Optional.empty());
        assertEquals(
                BigInteger.valueOf(4000),
                terms(JobSpec.anything(), caller).ticketParams().orElseThrow().faceValue());
        WinningTicket won = new WinningTicket(
                new Ticket(poor, terms(JobSpec.anything(), caller).ticketParams().orElseThrow(), 1),
                Bytes.wrap(new byte[65]),
                Bytes.EMPTY);
        rig.orchestrator.ledger.append(
                rig.clock.instant(), List.of(new TicketWon(won), new RedemptionBegun(won.hash())));
        assertEquals(
                BigInteger.valueOf(1000),
                terms(JobSpec.anything(), caller).ticketParams().orElseThrow().faceValue());
    }

    @Test
    void anOrchestratorThatIsNotActiveIsNotPaid() {
        TicketParams params = offered();
        rig.chain.activate(rig.registry.wallet("other").address());
        rig.chain.deactivate(rig.orchestrator.wallet.address());
        assertRefused(Reason.PAYMENT_INACTIVE, inactive(params.recipient()), pay(params, 1));
        assertNoTerms(Reason.PAYMENT_INACTIVE, "insufficient sender reserve", rig.caller(SESSION));
        assertRefused(Reason.PAYMENT_INACTIVE, inactive(Address.NONE), pay(with(params, Address.NONE), 1));
    }

    @Test
    void aFreeOrchestratorAsksForTicketsThatAreWorthNothing() {
        rig.price = Price.ZERO;
        TicketParams params = offered();
        assertEquals(BigInteger.ZERO, params.faceValue());
        assertEquals(BigInteger.ZERO, params.winProbability());
        assertTaken(priced(Price.ZERO));
        payee.debit(JobSpec.anything(), BALANCE, Payment.NONE, 1_000_000);
        assertEquals(Rational.ZERO, rig.received(SESSION));
    }

    @Test
    void ticketsAreCreditedWithWhatTheyAreWorthAndWinnersKept() {
        TicketParams params = offered();
        assertTaken(pay(params, 1, 2, 3));
        assertEquals(Ticket.expectedValue(params).times(Rational.of(3, 1)), rig.received(SESSION));
        List<WinningTicket> expected = LongStream.rangeClosed(1, 3)
                .mapToObj(nonce -> winner(params, nonce))
                .filter(winner -> winner.ticket().wins(winner.signature(), winner.recipientRand()))
                .toList();
        assertEquals(expected, winners());
    }

    @Test
    void everyNonceUpTo32BitsIsTaken() {
        assertTaken(pay(offered(), 0, 4_294_967_295L));
    }

    @Test
    void workBeginsWithABalanceOfATicketAndEndsWithADebit() {
        TicketParams params = offered();
        assertTaken(pay(params, 1));
        payee.debit(JobSpec.anything(), BALANCE, payment(params), 100);
        assertEquals(Ticket.expectedValue(params).minus(Rational.of(150, 1)), rig.received(SESSION));
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", payment(params));
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", ticketless());
        assertTaken(pay(params, 2));
        assertTaken(ticketless());
    }

    @Test
    void aBalanceBelowZeroMustBeMadeGood() {
        TicketParams params = offered();
        assertTaken(pay(params, 1));
        payee.debit(JobSpec.anything(), BALANCE, payment(params), 2000);
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", pay(params, 2));
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", pay(params, 3));
        assertTaken(pay(params, 4));
    }

    @Test
    void aFirstPaymentWithoutTicketsDoesNotMakeASessionFree() {
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", ticketless());
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", priced(Price.ZERO));
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", Payment.NONE);
        assertEquals(Optional.of(Price.of(3, 2)), terms(JobSpec.anything(), rig.caller(SESSION)).price());
    }

    @Test
    void thePriceThatABalanceBeganWithHoldsForIt() {
        TicketParams params = offered();
        assertTaken(pay(params, 1));
        rig.price = Price.of(5, 1);
        assertEquals(Optional.of(Price.of(3, 2)), terms(JobSpec.anything(), rig.caller(SESSION)).price());
        assertEquals(Optional.of(Price.of(5, 1)), terms(JobSpec.anything(), rig.caller("another")).price());
        TicketParams dearer = terms(JobSpec.anything(), rig.caller("another")).ticketParams().orElseThrow();
        assertRefused(
                Reason.PAYMENT_PRICE,
                "the price of this session is 3/2 wei per unit, not 5",
                pay(dearer, Price.of(5, 1), 1));
        payee.debit(JobSpec.anything(), BALANCE, priced(Price.ZERO), 2);
        assertEquals(Ticket.expectedValue(params).minus(Rational.of(3, 1)), rig.received(SESSION));
    }

    @Test
    void thePriceOfAModelIsPinnedToItsBalance() {
        JobSpec spec = JobSpec.needing(Capabilities.NONE).forModel(35, "a/model");
        Caller caller = new Caller(wallet.address(), Bytes.EMPTY, Optional.empty());
        TicketParams params = terms(spec, caller).ticketParams().orElseThrow();
        assertEquals(
                Optional.empty(), payee.receive(spec, BalanceId.of(35, "a/model"), pay(params, 1)));
        rig.price = Price.of(5, 1);
        assertEquals(Optional.of(Price.of(3, 2)), terms(spec, caller).price());
    }

    // Otherwise the dearest model is had for the price of the cheapest, or of transcoding.
    @Test
    void termsForOneWorkPayForNoOther() {
        JobSpec spec = JobSpec.needing(Capabilities.NONE).forModel(35, "a/model");
        JobSpec other = JobSpec.needing(Capabilities.NONE).forModel(35, "another");
        Caller caller = new Caller(wallet.address(), Bytes.EMPTY, Optional.empty());
        BalanceId balance = BalanceId.of(35, "a/model");
        for (JobSpec cheap : List.of(JobSpec.anything(), other)) {
            Payment payment = pay(terms(cheap, caller).ticketParams().orElseThrow(), 1);
            assertEquals(Reason.PAYMENT, payee.receive(spec, balance, payment).orElseThrow().reason());
            // nor as a payment without a job
            assertEquals(
                    Reason.PAYMENT,
                    payee.receive(JobSpec.anything(), balance, payment).orElseThrow().reason());
        }
        Payment own = pay(terms(spec, caller).ticketParams().orElseThrow(), 1);
        assertEquals(
                Reason.PAYMENT,
                payee.receive(JobSpec.needing(Capabilities.NONE), new BalanceId(SESSION), own)
                        .orElseThrow()
                        .reason());
        assertEquals(Optional.empty(), payee.receive(JobSpec.anything(), balance, own));
    }

    @Test
    void aModelWhoseNameIsTooLongForABalanceStillGetsTerms() {
        JobSpec spec = JobSpec.needing(Capabilities.NONE).forModel(35, "m".repeat(1000));
        Caller caller = new Caller(wallet.address(), Bytes.EMPTY, Optional.empty());
        assertEquals(Optional.of(Price.of(3, 2)), terms(spec, caller).price());
    }

    @Test
    void anExpectedPriceIsNeededWithTickets() {
        TicketParams params = offered();
        Payment good = pay(params, 1);
        assertRefused(
                Reason.PAYMENT_PRICE,
                "invalid expected price sent with payment err=\"expected price is nil\"",
                new Payment(good.sender(), good.params(), good.tickets(), Optional.empty()));
        assertRefused(
                Reason.PAYMENT,
                "Could not find Sender for payment",
                new Payment(Address.NONE, good.params(), good.tickets(), good.expectedPrice()));
        assertTaken(pay(params, Price.of(6, 4), 1));
    }

    @Test
    void whateverIsChangedInTheTermsIsFoundOut() {
        TicketParams p = offered();
        for (int field = 0; field < 7; field++) {
            assertRefused(Reason.PAYMENT, BAD_RANDOM, pay(changed(p, field), 1));
        }
        assertRefused(Reason.PAYMENT, BAD_RANDOM, pay(p, Price.of(1, 2), 1));
        Payment good = pay(p, 1);
        // no ticket can have a negative round
        TicketParams absurd = changed(p, 7);
        assertRefused(
                Reason.PAYMENT,
                BAD_RANDOM,
                new Payment(good.sender(), Optional.of(absurd), good.tickets(), good.expectedPrice()));
        assertEquals(List.of(), entries());
    }

    @Test
    void ticketsForAnotherRecipientAreRefused() {
        Address other = rig.registry.wallet("other").address();
        rig.chain.activate(other);
        assertRefused(Reason.PAYMENT, "invalid ticket recipient", pay(with(offered(), other), 1));
    }

    @Test
    void aSignatureOfAnybodyElseIsNoSignature() {
        TicketParams params = offered();
        Payment.Ticket good = ticket(params, 1);
        Bytes others = rig.registry.wallet("other").sign(new Ticket(wallet.address(), params, 1).hash());
        for (Bytes signature : List.of(others, Bytes.EMPTY, Bytes.wrap(new byte[65]))) {
            assertRefused(
                    Reason.PAYMENT, "invalid ticket signature", paying(params, new Payment.Ticket(1, signature)));
        }
        assertRefused(
                Reason.PAYMENT, "invalid ticket signature", paying(params, new Payment.Ticket(2, good.signature())));
    }

    @Test
    void whatCameBeforeABadTicketIsCreditedAndWhatCameAfterIsNot() {
        TicketParams params = offered();
        Payment.Ticket bad = new Payment.Ticket(2, Bytes.wrap(new byte[65]));
        assertRefused(
                Reason.PAYMENT,
                "invalid ticket signature",
                paying(params, ticket(params, 1), bad, ticket(params, 3)));
        assertEquals(Ticket.expectedValue(params), rig.received(SESSION));
        assertRefused(
                Reason.PAYMENT_NONCE,
                "invalid ticket senderNonce: already seen sender=" + wallet.address().checksummed() + " nonce=3",
                pay(params, 3));
    }

    @Test
    void winnersAreKeptAlthoughTheyAreNotCredited() {
        TicketParams params = offered();
        long winning = LongStream.rangeClosed(2, 100)
                .filter(nonce -> winner(params, nonce)
                        .ticket()
                        .wins(winner(params, nonce).signature(), winner(params, nonce).recipientRand()))
                .findFirst()
                .orElseThrow();
        Payment.Ticket bad = new Payment.Ticket(1, Bytes.wrap(new byte[65]));
        assertRefused(Reason.PAYMENT, "invalid ticket signature", paying(params, bad, ticket(params, winning)));
        assertEquals(List.of(winner(params, winning)), winners());
        assertEquals(Rational.ZERO, rig.received(SESSION));
    }

    @Test
    void aReplayedTicketIsRefusedWhateverTheBalance() {
        TicketParams params = offered();
        assertTaken(pay(params, 1));
        String seen = "invalid ticket senderNonce: already seen sender=" + wallet.address().checksummed() + " nonce=1";
        assertRefused(Reason.PAYMENT_NONCE, seen, pay(params, 1));
        assertEquals(
                Optional.of(new Refusal(Reason.PAYMENT_NONCE, seen)),
                payee.receive(JobSpec.anything(), new BalanceId("another"), pay(params, 1)));
        assertRefused(
                Reason.PAYMENT_NONCE,
                "invalid ticket senderNonce: already seen sender=" + wallet.address().checksummed() + " nonce=2",
                pay(params, 2, 2));
        assertEquals(Ticket.expectedValue(params).times(Rational.of(2, 1)), rig.received(SESSION));
    }

    @Test
    void sixHundredNoncesAreTakenForOneHash() {
        TicketParams params = offered();
        assertTaken(pay(params, LongStream.rangeClosed(1, 600).toArray()));
        assertRefused(
                Reason.PAYMENT_NONCE,
                "invalid ticket senderNonce: too many values sender=" + wallet.address().checksummed() + " nonce=601",
                pay(params, 601));
        assertEquals(Ticket.expectedValue(params).times(Rational.of(600, 1)), rig.received(SESSION));
    }

    @Test
    void aFloodOfTicketsIsNotLookedAt() {
        TicketParams params = offered();
        Payment.Ticket[] flood = IntStream.rangeClosed(0, TicketPayee.MAX_TICKETS)
                .mapToObj(n -> new Payment.Ticket(n, Bytes.EMPTY))
                .toArray(Payment.Ticket[]::new);
        assertRefused(Reason.PAYMENT, "a payment has at most 1000 tickets", paying(params, flood));
    }

    @Test
    void termsExpireAfterFortyBlocks() {
        TicketParams params = offered();
        rig.chain.mine(39);
        assertTaken(pay(params, 1));
        rig.chain.mine(1);
        assertRefused(Reason.PAYMENT_EXPIRED, "TicketParams expired", pay(params, 2));
        assertRefused(Reason.PAYMENT_EXPIRED, "TicketParams expired", pay(params, 2));
        assertEquals(Ticket.expectedValue(params), rig.received(SESSION));
    }

    @Test
    void anUnlockingSenderIsRefusedAndStillGetsTerms() {
        TicketParams params = offered();
        rig.chain.unlock(wallet.address());
        assertTaken(pay(params, 1));
        rig.chain.nextRound();
        assertRefused(
                Reason.PAYMENT_RESERVE,
                "deposit and reserve for sender " + wallet.address().checksummed() + " is set to unlock soon",
                pay(offered(), 2));
    }

    @Test
    void anIdleBalanceIsVoidAfterTenMinutes() {
        TicketParams params = offered();
        assertTaken(pay(params, 1, 2));
        rig.clock.advance(Duration.ofMinutes(10));
        assertTaken(ticketless());
        rig.clock.advance(Duration.ofMillis(1));
        rig.price = Price.of(5, 1);
        assertEquals(Optional.of(Price.of(5, 1)), terms(JobSpec.anything(), rig.caller(SESSION)).price());
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", ticketless());
        assertEquals(Rational.ZERO, rig.received(SESSION));
    }

    @Test
    void idleBalancesAreClosedThoughNobodyComesBack() {
        assertTaken(pay(offered(), 1, 2));
        payee.closeIdle();
        assertEquals(2000, rig.received(SESSION).floor().intValueExact());
        rig.clock.advance(Duration.ofMinutes(11));
        payee.closeIdle();
        assertEquals(Rational.ZERO, rig.received(SESSION));
    }

    @Test
    void aRestartKnowsWhatWasTaken() {
        TicketParams params = offered();
        assertTaken(pay(params, 1));
        MoneySide again = new MoneySide(
                rig.orchestrator.wallet, rig.orchestrator.ledger.reopened(), rig.chain, rig.clock);
        TicketPayee same = rig.payee(again, rig.random);
        assertEquals(
                Reason.PAYMENT_NONCE,
                same.receive(JobSpec.anything(), BALANCE, pay(params, 1)).orElseThrow().reason());
        assertEquals(Optional.empty(), same.receive(JobSpec.anything(), BALANCE, ticketless()));
        TicketPayee withoutSecret = rig.payee(again, RecipientRandom.fresh());
        assertEquals(
                Optional.of(new Refusal(Reason.PAYMENT, BAD_RANDOM)),
                withoutSecret.receive(JobSpec.anything(), BALANCE, pay(params, 2)));
    }

    @Test
    void withoutWalletLedgerOrChainNothingIsGivenAndNothingIsFree() {
        Payment good = pay(offered(), 1);
        rig.price = Price.ZERO;
        rig.orchestrator.ledgers.unbind(rig.orchestrator.ledger);
        assertUnavailable(good);
        assertUnavailable(ticketless());
        rig.orchestrator.ledgers.bind(rig.orchestrator.ledger, 0);
        rig.orchestrator.settlements.unbind(rig.chain);
        assertUnavailable(good);
        rig.orchestrator.settlements.bind(rig.chain, 0);
        rig.chain.reachable(false);
        assertUnavailable(good);
        rig.chain.reachable(true);
        rig.orchestrator.wallets.unbind(rig.orchestrator.wallet);
        assertUnavailable(good);
        rig.orchestrator.wallets.bind(rig.orchestrator.wallet, 0);
        assertEquals(List.of(), entries());
        assertTaken(good);
    }

    @Test
    void aDebitThatCannotBeWrittenIsWrittenBeforeAnythingElse() {
        TicketParams params = offered();
        Payment first = pay(params, 1, 2);
        assertTaken(first);
        rig.orchestrator.ledger.full(true);
        payee.debit(JobSpec.anything(), BALANCE, first, 1000);
        assertEquals(Reason.UNAVAILABLE, payee.receive(JobSpec.anything(), BALANCE, ticketless()).orElseThrow().reason());
        rig.orchestrator.ledger.full(false);
        assertRefused(Reason.PAYMENT_BALANCE, "Insufficient balance", ticketless());
        assertEquals(500, rig.received(SESSION).floor().intValueExact());
    }

    @Test
    void manyPaymentsOfTheSameTicketAtOnceCountOnce() {
        TicketParams params = offered();
        List<Refusal> refusals = IntStream.range(0, 50)
                .parallel()
                .mapToObj(n -> payee.receive(JobSpec.anything(), new BalanceId("balance" + n % 3), pay(params, 1, 2)))
                .flatMap(Optional::stream)
                .toList();
        assertEquals(49, refusals.size());
        assertTrue(refusals.stream().allMatch(refusal -> refusal.reason() == Reason.PAYMENT_NONCE));
        assertEquals(
                2,
                entries().stream()
                        .filter(LedgerEntry.TicketReceived.class::isInstance)
                        .count());
    }

    private Payee.Terms terms(JobSpec spec, Caller caller) {
        return assertInstanceOf(Payee.Asked.Of.class, payee.terms(spec, caller)).terms();
    }

    private TicketParams offered() {
        Offer offer = rig.offer(payee, SESSION);
        return offer.ticketParams().orElseThrow();
    }

    private Payment pay(TicketParams params, long... nonces) {
        return pay(params, Price.of(3, 2), nonces);
    }

    private Payment pay(TicketParams params, Price price, long... nonces) {
        List<Payment.Ticket> tickets = LongStream.of(nonces).mapToObj(nonce -> ticket(params, nonce)).toList();
        return new Payment(wallet.address(), Optional.of(params), tickets, Optional.of(price));
    }

    private Payment paying(TicketParams params, Payment.Ticket... tickets) {
        return new Payment(wallet.address(), Optional.of(params), List.of(tickets), Optional.of(Price.of(3, 2)));
    }

    private Payment payment(TicketParams params) {
        return paying(params);
    }

    private Payment ticketless() {
        return priced(Price.of(3, 2));
    }

    private Payment priced(Price price) {
        return new Payment(wallet.address(), Optional.empty(), List.of(), Optional.of(price));
    }

    private Payment.Ticket ticket(TicketParams params, long nonce) {
        return new Payment.Ticket(nonce, wallet.sign(new Ticket(wallet.address(), params, nonce).hash()));
    }

    private WinningTicket winner(TicketParams params, long nonce) {
        return new WinningTicket(
                new Ticket(wallet.address(), params, nonce),
                ticket(params, nonce).signature(),
                rig.random.of(wallet.address(), params, Price.of(3, 2), ""));
    }

    private List<WinningTicket> winners() {
        return rig.orchestrator.ledger.winners(Optional.empty(), 100).stream()
                .map(pending -> pending.ticket())
                .toList();
    }

    private List<LedgerEntry> entries() {
        List<LedgerEntry> entries = new ArrayList<>(rig.orchestrator.ledger.entries());
        entries.removeIf(LedgerEntry.TermsExpired.class::isInstance);
        return entries;
    }

    private void assertTaken(Payment payment) {
        assertEquals(Optional.empty(), payee.receive(JobSpec.anything(), BALANCE, payment));
    }

    private void assertRefused(Reason reason, String message, Payment payment) {
        assertEquals(
                Optional.of(new Refusal(reason, message)), payee.receive(JobSpec.anything(), BALANCE, payment));
    }

    private void assertUnavailable(Payment payment) {
        assertEquals(
                Reason.UNAVAILABLE,
                payee.receive(JobSpec.anything(), BALANCE, payment).orElseThrow().reason());
        assertEquals(
                Reason.UNAVAILABLE,
                assertInstanceOf(Payee.Asked.No.class, payee.terms(JobSpec.anything(), rig.caller(SESSION)))
                        .refusal()
                        .reason());
    }

    private void assertNoTerms(Reason reason, String message, Caller caller) {
        Payee.Asked.No no = assertInstanceOf(Payee.Asked.No.class, payee.terms(JobSpec.anything(), caller));
        assertEquals(new Refusal(reason, message), no.refusal());
        // the network's words are the same for every cause, so that the operator is told his own
        assertFalse(no.cause().contains(message), no.cause());
    }

    private static String inactive(Address recipient) {
        return "orchestrator " + recipient.checksummed() + " is inactive in round 1, cannot process payments";
    }

    private static TicketParams with(TicketParams p, Address recipient) {
        return new TicketParams(
                recipient,
                p.faceValue(),
                p.winProbability(),
                p.recipientRandHash(),
                p.seed(),
                p.expirationBlock(),
                p.creationRound(),
                p.creationRoundBlockHash());
    }

    private static TicketParams changed(TicketParams p, int field) {
        Bytes zero = Bytes.wrap(new byte[32]);
        return new TicketParams(
                p.recipient(),
                oneMoreIf(field == 0, p.faceValue()),
                oneMoreIf(field == 1, p.winProbability()),
                field == 2 ? zero : p.recipientRandHash(),
                oneMoreIf(field == 3, p.seed()),
                oneMoreIf(field == 4, p.expirationBlock()),
                field == 7 ? -1 : p.creationRound() + (field == 5 ? 1 : 0),
                field == 6 ? zero : p.creationRoundBlockHash());
    }

    private static BigInteger oneMoreIf(boolean changed, BigInteger number) {
        return changed ? number.add(BigInteger.ONE) : number;
    }
}
