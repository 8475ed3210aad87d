package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.Format;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.Ledger.Spent;
import io.millrace.api.payment.Ledger.Totals;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.Closed;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.GasSpent;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Pinned;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.LedgerEntry.SetAside;
import io.millrace.api.payment.LedgerEntry.TermsExpired;
import io.millrace.api.payment.LedgerEntry.TicketReceived;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.LedgerEntry.TicketsSent;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} does, before and after it is opened again. */
public abstract class LedgerContract {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Address ONE = address(1);
    private static final Address OTHER = address(2);
    private static final Bytes TERMS = Keccak256.of(Bytes.utf8("terms"));
    private static final BalanceKey PAID = BalanceKey.paid(OTHER, new BalanceId("0a1b2c3d"));
    private static final BalanceKey KEY = BalanceKey.received(ONE, new BalanceId("0a1b2c3d"));

    private Ledger ledger;

    /** A ledger with nothing in it. */
    protected abstract Ledger open();

    /** What a node finds that ended without notice and starts again. */
    protected abstract Ledger reopen(Ledger before);

    @BeforeEach
    void openLedger() {
        ledger = open();
    }

    @Test
    void aBalanceThatWasNeverWrittenIsNotThere() {
        assertEquals(Optional.empty(), ledger.balance(KEY));
        assertEquals(Set.of(), ledger.nonces(TERMS).received());
        assertEquals(0, ledger.nonces(TERMS).lastSent());
        assertEquals(List.of(), ledger.winners(Optional.empty(), 10));
        assertEquals(List.of(), ledger.idle(Side.RECEIVED, NOON, 10));
    }

    @Test
    void creditAndDebitAreExactAndMayEndBelowZero() {
        append(new Credited(KEY, Rational.of(1, 3)), new Credited(KEY, Rational.of(1, 6)));
        assertAmount(Rational.of(1, 2));
        append(new Debited(KEY, new Rational(BigInteger.ONE.shiftLeft(200), BigInteger.valueOf(7))));
        ledger = reopen(ledger);
        assertAmount(Rational.of(1, 2).minus(new Rational(BigInteger.ONE.shiftLeft(200), BigInteger.valueOf(7))));
    }

    @Test
    void balancesAreKeptApartBySideByPeerAndByName() {
        append(new Credited(KEY, Rational.of(5, 1)));
        for (BalanceKey other : List.of(
                BalanceKey.paid(ONE, KEY.balance()),
                BalanceKey.received(OTHER, KEY.balance()),
                BalanceKey.received(ONE, new BalanceId("35_a/model")))) {
            assertEquals(Optional.empty(), ledger.balance(other));
        }
    }

    @Test
    void aPriceIsPinnedOnce() {
        append(new Pinned(KEY, Price.of(3, 2)));
        append(new Pinned(KEY, Price.of(6, 4)));
        assertContradicts(new Pinned(KEY, Price.of(4, 2)));
        append(new Credited(KEY, Rational.of(1, 1)));
        ledger = reopen(ledger);
        assertEquals(
                Price.of(3, 2).perUnit(),
                ledger.balance(KEY).orElseThrow().pinnedPrice().orElseThrow().perUnit());
    }

    @Test
    void onlyTheWholeBalanceIsSetAside() {
        append(new SetAside(KEY, Rational.ZERO));
        append(new Credited(KEY, Rational.of(5, 1)));
        assertContradicts(new SetAside(KEY, Rational.of(4, 1)));
        append(new SetAside(KEY, Rational.of(5, 1)));
        assertContradicts(new SetAside(KEY, Rational.of(5, 1)));
        assertAmount(Rational.ZERO);
    }

    @Test
    void aClosedBalanceIsGoneWithItsPrice() {
        append(new Credited(KEY, Rational.of(5, 1)), new Pinned(KEY, Price.of(3, 2)));
        Instant last = ledger.balance(KEY).orElseThrow().lastChange();
        assertEquals(NOON, last);
        assertContradicts(new Closed(KEY, NOON.minusSeconds(1)));
        append(new Closed(KEY, last));
        ledger = reopen(ledger);
        assertEquals(Optional.empty(), ledger.balance(KEY));
        assertContradicts(new Closed(KEY, last));
        append(new Pinned(KEY, Price.of(4, 2)));
    }

    @Test
    void idleBalancesAreToldTheLongestIdleFirst() {
        BalanceKey later = BalanceKey.received(OTHER, KEY.balance());
        ledger.append(NOON.plusSeconds(5), List.of(new Credited(later, Rational.ZERO)));
        append(new Credited(KEY, Rational.ZERO), new Credited(BalanceKey.paid(ONE, KEY.balance()), Rational.ZERO));
        assertEquals(List.of(), ledger.idle(Side.RECEIVED, NOON, 10));
        assertEquals(List.of(KEY), ledger.idle(Side.RECEIVED, NOON.plusSeconds(1), 10));
        assertEquals(List.of(KEY, later), ledger.idle(Side.RECEIVED, NOON.plusSeconds(6), 10));
        assertEquals(List.of(KEY), ledger.idle(Side.RECEIVED, NOON.plusSeconds(6), 1));
    }

    @Test
    void aTicketIsReceivedOnce() {
        append(received(7), received(0), received(4294967295L));
        ledger = reopen(ledger);
        assertContradicts(received(7));
        assertEquals(Set.of(0L, 7L, 4294967295L), ledger.nonces(TERMS).received());
        append(new TicketReceived(Keccak256.of(Bytes.utf8("other terms")), 7, BigInteger.TEN));
    }

    @Test
    void noncesAreGivenOutOneAfterTheOther() {
        append(sent(1, 2));
        ledger = reopen(ledger);
        assertContradicts(sent(1, 1));
        assertContradicts(sent(2, 3));
        assertContradicts(sent(4, 1));
        append(sent(3, 1));
        assertEquals(3, ledger.nonces(TERMS).lastSent());
    }

    @Test
    void noncesOfTermsThatEndedMayBeForgottenAndOthersNot() {
        append(received(7), sent(1, 2));
        append(new TermsExpired(BigInteger.valueOf(99)));
        assertContradicts(received(7));
        assertEquals(2, ledger.nonces(TERMS).lastSent());
    }

    @Test
    void nothingIsWrittenOfAnAppendThatContradicts() {
        append(received(7));
        WinningTicket won = winner(ONE, 1, 100);
        assertFalse(ledger.append(
                NOON,
                List.of(
                        new Credited(KEY, Rational.of(5, 1)),
                        new Pinned(KEY, Price.of(1, 1)),
                        new TicketWon(won),
                        received(8),
                        sent(1, 1),
                        received(7))));
        for (int reopened = 0; reopened < 2; reopened++) {
            assertEquals(Optional.empty(), ledger.balance(KEY));
            assertEquals(Set.of(7L), ledger.nonces(TERMS).received());
            assertEquals(0, ledger.nonces(TERMS).lastSent());
            assertEquals(List.of(), ledger.winners(Optional.empty(), 10));
            ledger = reopen(ledger);
        }
    }

    @Test
    void anAppendContradictsItselfToo() {
        assertContradicts(received(7), received(7));
        append(new Credited(KEY, Rational.of(2, 1)), new SetAside(KEY, Rational.of(2, 1)));
    }

    @Test
    void winnersWaitInTheOrderInWhichTheirTermsEnd() {
        WinningTicket late = winner(ONE, 1, 300);
        WinningTicket early = winner(OTHER, 2, 100);
        WinningTicket between = winner(ONE, 3, 200);
        append(new TicketWon(late), new TicketWon(early), new TicketWon(between), new TicketWon(late));
        ledger = reopen(ledger);
        assertEquals(List.of(early, between, late), winners(Optional.empty(), 10));
        assertEquals(List.of(early, between), winners(Optional.empty(), 2));
        assertEquals(List.of(between, late), winners(Optional.of(ONE), 10));
    }

    @Test
    void aRedemptionIsTriedUntilItHasAReceipt() {
        WinningTicket won = winner(ONE, 1, 100);
        assertContradicts(new RedemptionBegun(won.hash()));
        append(new TicketWon(won));
        append(new RedemptionBegun(won.hash()));
        ledger = reopen(ledger);
        assertWaits(won, 1, true);
        append(new RedemptionFailed(won.hash(), "no funds"));
        assertWaits(won, 1, false);
        append(new RedemptionBegun(won.hash()));
        assertWaits(won, 2, true);
        append(new Redeemed(won.hash(), Bytes.utf8("tx"), Wei.of(5)));
        ledger = reopen(ledger);
        assertEquals(List.of(), ledger.winners(Optional.empty(), 10));
        assertContradicts(new RedemptionBegun(won.hash()));
    }

    @Test
    void aWinnerThatWasHandedOverWaitsUntilItsEndIsSeen() {
        WinningTicket won = winner(ONE, 1, 100);
        assertContradicts(new HandedOver(won.hash(), "redeemer:1"));
        append(new TicketWon(won));
        assertEquals(Optional.empty(), onlyWinner().redeemer());
        append(new HandedOver(won.hash(), "redeemer:1"));
        ledger = reopen(ledger);
        assertWaits(won, 0, false);
        assertEquals(Optional.of("redeemer:1"), onlyWinner().redeemer());
        append(new TicketWon(won), new HandedOver(won.hash(), "redeemer:2"));
        assertEquals(Optional.of("redeemer:2"), onlyWinner().redeemer());
        append(new Redeemed(won.hash(), Bytes.utf8("tx"), Wei.of(5)));
        assertContradicts(new HandedOver(won.hash(), "redeemer:1"));
    }

    @Test
    void whyATryFailedIsKnown() {
        WinningTicket won = winner(ONE, 1, 100);
        append(new TicketWon(won));
        assertEquals(Optional.empty(), onlyWinner().lastFailure());
        append(new RedemptionBegun(won.hash()), new RedemptionFailed(won.hash(), "no funds"));
        ledger = reopen(ledger);
        assertEquals(Optional.of("no funds"), onlyWinner().lastFailure());
        append(new RedemptionBegun(won.hash()), new RedemptionFailed(won.hash(), "gas is dear"));
        assertEquals(Optional.of("gas is dear"), onlyWinner().lastFailure());
    }

    @Test
    void winnersAreAskedForByTheBlockTheirTermsEndAtAndCounted() {
        WinningTicket late = winner(ONE, 1, 300);
        WinningTicket early = winner(OTHER, 2, 100);
        WinningTicket between = winner(ONE, 3, 200);
        assertEquals(0, ledger.waiting(Optional.empty()));
        append(new TicketWon(late), new TicketWon(early), new TicketWon(between));
        assertEquals(List.of(), due(99, 10));
        assertEquals(List.of(early, between), due(200, 10));
        assertEquals(List.of(early), due(200, 1));
        assertEquals(3, ledger.waiting(Optional.empty()));
        assertEquals(2, ledger.waiting(Optional.of(ONE)));
        append(new Abandoned(between.hash(), "too old"));
        assertEquals(List.of(early, late), due(300, 10));
        assertEquals(1, ledger.waiting(Optional.of(ONE)));
    }

    private List<WinningTicket> due(long block, int limit) {
        return ledger.due(BigInteger.valueOf(block), limit).stream().map(PendingWinner::ticket).toList();
    }

    private PendingWinner onlyWinner() {
        return ledger.winners(Optional.empty(), 10).getFirst();
    }

    @Test
    void aWinnerThatIsKnownIsNotWrittenAgain() throws IOException {
        WinningTicket won = winner(address(1), 1, 10);
        append(new TicketWon(won));
        Bytes before = exported();
        append(new TicketWon(won), new TicketWon(won));
        assertEquals(before, exported());
    }

    private Bytes exported() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ledger.export(Ledger.Format.CSV, out);
        return Bytes.wrap(out.toByteArray());
    }

    @Test
    void aWinnerThatIsDoneWithDoesNotComeBack() {
        WinningTicket redeemed = winner(ONE, 1, 100);
        WinningTicket abandoned = winner(ONE, 2, 100);
        append(new TicketWon(redeemed), new TicketWon(abandoned));
        append(new Redeemed(redeemed.hash(), Bytes.utf8("tx"), Wei.of(5)), new Abandoned(abandoned.hash(), "too old"));
        append(new TicketWon(redeemed), new TicketWon(abandoned));
        assertEquals(List.of(), ledger.winners(Optional.empty(), 10));
    }

    @Test
    void ofManyWhoWriteTheSameNonceAtOnceOneSucceeds() {
        long written = IntStream.range(0, 200)
                .parallel()
                .filter(n -> ledger.append(NOON, List.of(received(n / 20), new Credited(KEY, Rational.of(1, 1)))))
                .count();
        assertEquals(10, written);
        assertAmount(Rational.of(10, 1));
        ledger = reopen(ledger);
        assertAmount(Rational.of(10, 1));
    }

    private void append(LedgerEntry... entries) {
        assertTrue(ledger.append(NOON, List.of(entries)));
    }

    private void assertContradicts(LedgerEntry... entries) {
        assertFalse(ledger.append(NOON, List.of(entries)));
    }

    @Test
    void whatWasSpentIsSummedUpByHourAndPeerAlsoAfterARestart() {
        Instant before = NOON.minus(Duration.ofHours(2));
        assertEquals(List.of(), ledger.spent(before));
        assertTrue(ledger.append(before, List.of(sent(1, 1), new GasSpent(Bytes.utf8("old"), Wei.of(1000)))));
        assertTrue(ledger.append(NOON, List.of(sent(2, 4), new GasSpent(Bytes.utf8("tx"), Wei.of(30)))));
        assertTrue(ledger.append(NOON.plusSeconds(3599), List.of(sent(6, 4), new GasSpent(Bytes.utf8("ty"), Wei.of(12)))));
        assertTrue(ledger.append(NOON.plusSeconds(3600), List.of(sent(10, 1))));
        Rational each = Rational.of(1, 1);
        Set<Spent> expected = Set.of(
                new Spent(NOON, Optional.empty(), Rational.of(42, 1)),
                new Spent(NOON, Optional.of(PAID.peer()), Rational.of(8, 1)),
                new Spent(NOON.plusSeconds(3600), Optional.of(PAID.peer()), each));
        assertEquals(expected, Set.copyOf(ledger.spent(NOON)));
        ledger = reopen(ledger);
        assertEquals(expected, Set.copyOf(ledger.spent(NOON)));
        assertEquals(5, ledger.spent(before).size());
    }

    @Test
    void totalsSayWhatWasWorthAndWhatItBrought() {
        WinningTicket first = winner(address(1), 1, 10);
        WinningTicket second = winner(address(1), 2, 10);
        BalanceKey other = BalanceKey.received(address(1), new BalanceId("other"));
        assertTrue(ledger.append(NOON, List.of(
                new Credited(BalanceKey.received(address(1), new BalanceId("one")), Rational.of(80, 3)),
                new Credited(other, Rational.of(100, 3)),
                new Debited(other, Rational.of(7, 2)),
                new TicketWon(first),
                new TicketWon(second),
                new TicketWon(first),
                new Redeemed(first.hash(), Bytes.utf8("tx"), Wei.of(60)),
                sent(1, 4),
                new Credited(PAID, Rational.of(5, 1)),
                new Debited(PAID, Rational.of(3, 1)))));
        assertTrue(ledger.append(NOON, List.of(new TicketWon(winner(address(2), 3, 10)))));
        List<Totals> totals = ledger.totals();
        assertEquals(3, totals.size());
        Totals gateway = find(totals, Side.RECEIVED, address(1));
        assertEquals(Rational.of(60, 1), gateway.value());
        assertEquals(Rational.of(7, 2), gateway.work());
        assertEquals(2, gateway.winners());
        assertEquals(Wei.of(2000), gateway.faceValue());
        assertEquals(1, gateway.redeemed());
        assertEquals(Wei.of(60), gateway.paid());
        assertEquals(1, find(totals, Side.RECEIVED, address(2)).winners());
        Totals orchestrator = find(totals, Side.PAID, PAID.peer());
        assertEquals(Rational.of(4, 1), orchestrator.value());
        assertEquals(Rational.of(3, 1), orchestrator.work());
        assertEquals(0, orchestrator.winners());
    }

    private static Totals find(List<Totals> totals, Side side, Address peer) {
        return totals.stream()
                .filter(each -> each.side() == side && each.peer().equals(peer))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anExportHasARowForEachEntryAndNoSecret() throws IOException {
        WinningTicket winner = winner(address(1), 1, 10);
        assertTrue(ledger.append(NOON, List.of(new TicketWon(winner), received(1))));
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        ledger.export(Format.CSV, csv);
        assertEquals(3, csv.toString(StandardCharsets.UTF_8).lines().count());
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ledger.export(Format.JSON, json);
        assertEquals(3, json.toString(StandardCharsets.UTF_8).split("\"kind\"", -1).length);
        for (ByteArrayOutputStream out : List.of(csv, json)) {
            assertFalse(out.toString(StandardCharsets.UTF_8).contains(winner.recipientRand().hex()));
        }
    }

    private void assertAmount(Rational amount) {
        assertEquals(amount, ledger.balance(KEY).orElseThrow().amount());
    }

    private void assertWaits(WinningTicket ticket, int tries, boolean inFlight) {
        PendingWinner waiting = ledger.winners(Optional.empty(), 10).getFirst();
        assertEquals(ticket, waiting.ticket());
        assertEquals(tries, waiting.tries());
        assertEquals(inFlight, waiting.inFlight());
    }

    private List<WinningTicket> winners(Optional<Address> sender, int limit) {
        return ledger.winners(sender, limit).stream().map(PendingWinner::ticket).toList();
    }

    private static LedgerEntry received(long nonce) {
        return new TicketReceived(TERMS, nonce, BigInteger.valueOf(100));
    }

    private static LedgerEntry sent(long first, int count) {
        return new TicketsSent(PAID, TERMS, first, count, Rational.of(count, 1), BigInteger.valueOf(100));
    }

    private static WinningTicket winner(Address sender, long nonce, long expirationBlock) {
        Bytes rand = Keccak256.of(Bytes.utf8("secret"));
        TicketParams params = new TicketParams(
                OTHER,
                BigInteger.valueOf(1000),
                Ticket.MAX_WIN_PROBABILITY,
                Keccak256.of(rand),
                BigInteger.TWO,
                BigInteger.valueOf(expirationBlock),
                7,
                Keccak256.of(Bytes.utf8("block")));
        return new WinningTicket(new Ticket(sender, params, nonce), Bytes.wrap(new byte[65]), rand);
    }

    private static Address address(int last) {
        byte[] bytes = new byte[Address.LENGTH];
        bytes[Address.LENGTH - 1] = (byte) last;
        return new Address(Bytes.wrap(bytes));
    }
}
