package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Wei;
import io.millrace.testkit.InMemoryWallet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Winning tickets on their way to the chain. */
class RedemptionsTest {

    private static final Wei PLENTY = new Wei(BigInteger.TEN.pow(9));
    private static final Duration ENOUGH = Duration.ofSeconds(30);

    private final MoneyRig rig = new MoneyRig();
    private final TicketPayee payee = rig.payee();
    private Spending.Limits gas = Spending.Limits.NONE;
    private Redemptions redemptions = redemptions();

    /** No limit of gas. */
    static Redemptions.GasPolicy unlimited() {
        return new Redemptions.GasPolicy(Spending.Limits.NONE, 100);
    }

    private Redemptions redemptions() {
        return new Redemptions(rig.orchestrator.ports, () -> new Redemptions.GasPolicy(gas, 100));
    }

    @BeforeEach
    void listen() {
        rig.chain.watch(notice -> redemptions.heard(notice));
    }

    @Test
    void aTicketIsRedeemedOnceItsTermsHaveExpired() {
        WinningTicket winner = winners(rig.gateway.wallet, 1).getFirst();
        look();
        assertEquals(List.of(), tries());
        rig.chain.mine(39);
        look();
        assertEquals(List.of(), tries());
        rig.chain.mine(1);
        look();
        assertEquals(new RedemptionBegun(winner.hash()), tries().getFirst());
        assertEquals(Wei.of(4000), ((Redeemed) tries().get(1)).paid());
        assertEquals(Wei.of(4000), earned());
        look();
        assertEquals(2, tries().size());
    }

    @Test
    void oneThatCannotBePaidHoldsUpNoOther() {
        InMemoryWallet broke = sender("broke");
        winners(broke, 3);
        winners(rig.gateway.wallet, 3);
        rig.chain.withdraw(broke.address());
        rig.chain.mine(40);
        look();
        assertEquals(Wei.of(3 * 4000), earned());
        assertEquals(3, waiting().size());
        assertTrue(waiting().stream().allMatch(winner -> winner.ticket().ticket().sender().equals(broke.address())));
    }

    @Test
    void oneThatFailedIsNotTriedAgainBeforeItsTime() {
        winners(rig.gateway.wallet, 1);
        rig.chain.mine(40);
        rig.chain.deactivate(rig.orchestrator.wallet.address());
        look();
        assertEquals(2, tries().size());
        assertEquals("transcoder must be registered", ((RedemptionFailed) tries().get(1)).message());
        look();
        assertEquals(2, tries().size());
        rig.clock.advance(Duration.ofSeconds(30));
        look();
        assertEquals(4, tries().size());
        // the second pause is twice as long
        rig.clock.advance(Duration.ofSeconds(59));
        look();
        assertEquals(4, tries().size());
        rig.chain.activate(rig.orchestrator.wallet.address());
        rig.clock.advance(Duration.ofSeconds(1));
        look();
        assertEquals(List.of(), waiting());
    }

    @Test
    void whoPaysInIsTriedAtOnce() {
        InMemoryWallet broke = sender("broke");
        winners(broke, 1);
        rig.chain.withdraw(broke.address());
        rig.chain.mine(40);
        look();
        look();
        assertEquals(2, tries().size());
        assertEquals("sender deposit and reserve are zero", ((RedemptionFailed) tries().get(1)).message());
        rig.chain.fund(rig.gateway.wallet.address(), PLENTY, PLENTY);
        look();
        assertEquals(2, tries().size());
        rig.chain.fund(broke.address(), PLENTY, PLENTY);
        look();
        assertEquals(List.of(), waiting());
    }

    @Test
    void oneThatIsTooOldIsGivenUpWithItsReason() {
        WinningTicket winner = winners(rig.gateway.wallet, 1).getFirst();
        rig.chain.mine(40);
        rig.chain.nextRound();
        rig.chain.nextRound();
        look();
        assertEquals(new Abandoned(winner.hash(), "ticket is expired"), tries().getLast());
        assertEquals(List.of(), waiting());
    }

    @Test
    void withoutAChainOrBetweenRoundsTheyWait() {
        winners(rig.gateway.wallet, 2);
        rig.chain.mine(40);
        rig.chain.reachable(false);
        look();
        rig.chain.reachable(true);
        rig.chain.endRound();
        look();
        assertEquals(List.of(), tries());
        rig.chain.nextRound();
        look();
        assertEquals(List.of(), waiting());
    }

    @Test
    void afterARestartTheyAreRedeemedThoughTheirSenderDoesNotComeBack() {
        WinningTicket winner = winners(rig.gateway.wallet, 1).getFirst();
        rig.orchestrator.ledger.append(rig.clock.instant(), List.of(new RedemptionBegun(winner.hash())));
        rig.chain.mine(40);
        redemptions.close();
        redemptions = redemptions();
        look();
        assertEquals(Wei.of(4000), earned());
        assertEquals(List.of(), waiting());
    }

    @Test
    void whatAnotherRedeemedIsWrittenAsItWasPaid() {
        WinningTicket winner = winners(rig.gateway.wallet, 1).getFirst();
        rig.chain.mine(40);
        rig.chain.redeem(winner, rig.soon());
        look();
        assertEquals(Wei.of(4000), ((Redeemed) tries().getLast()).paid());
        assertEquals(Wei.of(4000), earned());
    }

    @Test
    void gasIsPaidWithinItsLimitAndTheRestWaitsAlsoAfterARestart() {
        rig.chain.gasPrice(Wei.of(10));
        rig.chain.gasCost(Wei.of(900));
        gas = new Spending.Limits(Wei.of(2500), Wei.of(5000), Wei.ZERO);
        winners(rig.gateway.wallet, 5);
        rig.chain.mine(40);
        look();
        // a redemption is reckoned with 1,000 wei, and cost 900
        assertEquals(3, waiting().size());
        SpendLimit hour = redemptions.limits().getFirst();
        assertEquals(new SpendLimit("maxGasPerHour", "gas in this hour", Wei.of(1800), Wei.of(2500)), hour);
        assertTrue(redemptions.caution().orElseThrow().contains("maxGasPerHour"), redemptions.caution().toString());
        redemptions.close();
        redemptions = redemptions();
        look();
        assertEquals(3, waiting().size());
        assertEquals(hour, redemptions.limits().getFirst());
        rig.clock.advance(Duration.ofHours(1));
        look();
        assertEquals(1, waiting().size());
        rig.clock.advance(Duration.ofHours(1));
        look();
        assertEquals(0, waiting().size());
        assertEquals(Optional.empty(), redemptions.caution());
        assertEquals(Wei.of(4500), redemptions.limits().getLast().spent());
        rig.clock.advance(Duration.ofHours(24));
        assertEquals(Wei.ZERO, redemptions.limits().getLast().spent());
    }

    @Test
    void gasOfTransactionsThatAreInNoBlockYetCountsUntilTheyAre() {
        rig.chain.gasPrice(Wei.of(10));
        rig.chain.gasCost(Wei.of(900));
        gas = new Spending.Limits(Wei.of(2500), Wei.ZERO, Wei.ZERO);
        winners(rig.gateway.wallet, 3);
        rig.chain.mine(40);
        rig.chain.congested(true);
        for (int i = 0; i < 3; i++) {
            look();
            assertEquals(Wei.of(2000), redemptions.limits().getFirst().spent());
            rig.clock.advance(Duration.ofMinutes(2));
        }
        assertEquals(3, waiting().size());
        rig.chain.congested(false);
        look();
        assertEquals(1, waiting().size());
        assertEquals(Wei.of(1800), redemptions.limits().getFirst().spent());
    }

    @Test
    void nothingBeginsAfterTheEnd() {
        winners(rig.gateway.wallet, 1);
        rig.chain.mine(40);
        redemptions.close();
        look();
        assertEquals(List.of(), tries());
    }

    @Test
    void aThousandOfTenSendersOfWhomOneIsBroke() {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < 9; i++) {
            sum = sum.add(worth(winners(sender("rich " + i), 100)));
        }
        InMemoryWallet broke = sender("broke");
        winners(broke, 100);
        rig.chain.withdraw(broke.address());
        rig.chain.mine(40);
        look();
        look();
        assertEquals(new Wei(sum), earned());
        assertEquals(100, waiting().size());
        // each was tried once
        assertEquals(
                1000, tries().stream().filter(RedemptionBegun.class::isInstance).count());
    }

    private static BigInteger worth(List<WinningTicket> winners) {
        return winners.stream()
                .map(winner -> winner.ticket().params().faceValue())
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private InMemoryWallet sender(String name) {
        InMemoryWallet sender = rig.registry.wallet(name);
        rig.chain.fund(sender.address(), PLENTY, PLENTY);
        return sender;
    }

    private TicketParams params(InMemoryWallet sender) {
        Caller caller = new Caller(sender.address(), Bytes.EMPTY, Optional.empty());
        return ((Payee.Asked.Of) payee.terms(JobSpec.anything(), caller)).terms().ticketParams().orElseThrow();
    }

    /** So many tickets of a sender that win are in the ledger. */
    private List<WinningTicket> winners(InMemoryWallet sender, int count) {
        TicketParams params = params(sender);
        Bytes rand = rig.random.of(sender.address(), params, Price.of(3, 2), "");
        List<WinningTicket> winners = new ArrayList<>();
        for (long nonce = 1; winners.size() < count; nonce++) {
            Ticket ticket = new Ticket(sender.address(), params, nonce);
            Bytes signature = sender.sign(ticket.hash());
            if (ticket.wins(signature, rand)) {
                winners.add(new WinningTicket(ticket, signature, rand));
            }
        }
        winners.forEach(winner ->
                rig.orchestrator.ledger.append(rig.clock.instant(), List.of(new TicketWon(winner))));
        return winners;
    }

    private void look() {
        redemptions.look();
        long until = System.nanoTime() + ENOUGH.toNanos();
        while (redemptions.isWorking()) {
            assertTrue(System.nanoTime() < until, "it is still at work");
            Thread.onSpinWait();
        }
    }

    private List<PendingWinner> waiting() {
        return rig.orchestrator.ledger.winners(Optional.empty(), 10_000);
    }

    private Wei earned() {
        return rig.chain.earned(rig.orchestrator.wallet.address());
    }

    private List<LedgerEntry> tries() {
        return rig.orchestrator.ledger.entries().stream()
                .filter(entry -> entry instanceof RedemptionBegun
                        || entry instanceof RedemptionFailed
                        || entry instanceof Redeemed
                        || entry instanceof Abandoned)
                .toList();
    }
}
