package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Wei;
import io.millrace.testkit.InMemoryLedger;
import io.millrace.testkit.LoopbackLinks;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Winning tickets of an orchestrator that another node redeems. */
class RemoteRedemptionsTest {

    private static final URI ADDRESS = URI.create("https://redeemer:8935");
    private static final URI OTHER = URI.create("https://other:8935");
    private static final Duration ENOUGH = Duration.ofSeconds(30);

    private final MoneyRig rig = new MoneyRig();
    private final LoopbackLinks links = new LoopbackLinks();
    private final MoneySide there =
            new MoneySide(rig.registry.wallet("redeemer"), new InMemoryLedger(), rig.chain, rig.clock);
    private final Address recipient = rig.orchestrator.wallet.address();
    private final LocalRedeemer redeemer = new LocalRedeemer(there.ports, RedemptionsTest::unlimited);
    private final Winners winners = new Winners(recipient, rig.chain.state(rig.soon()));
    private RemoteRedemptions remote = rig.redeemers(rig.orchestrator);

    @BeforeEach
    void connect() {
        there.wallet.orchestrator(recipient);
        rig.redeemer = Optional.of(ADDRESS);
        rig.orchestrator.links.bind(links.with(ADDRESS, redeemer), 0);
        rig.chain.watch(notice -> remote.heard(notice));
        rig.chain.watch(redeemer::heard);
    }

    @Test
    void aWinnerIsHandedOverAndItsEndIsReadFromTheChain() {
        WinningTicket ticket = won();
        look();
        assertEquals(new HandedOver(ticket.hash(), ADDRESS.toString()), last());
        assertEquals(Optional.of(ADDRESS.toString()), waiting().getFirst().redeemer());
        look();
        assertEquals(new HandedOver(ticket.hash(), ADDRESS.toString()), last());
        rig.chain.mine(40);
        look();
        assertEquals(1, waiting().size());
        redeemThere();
        look();
        assertEquals(Wei.of(4000), ((Redeemed) last()).paid());
        assertEquals(List.of(), waiting());
        assertEquals(Wei.of(4000), rig.chain.earned(recipient));
    }

    @Test
    void whatWinsWhileTheRedeemerIsAwayIsHandedOverWhenItIsBack() {
        links.remove(ADDRESS);
        WinningTicket first = won();
        look();
        assertEquals(new TicketWon(first), last());
        assertEquals(
                List.of("the redeemer at " + ADDRESS + " cannot be asked, and winning tickets wait for it: nobody answers at "
                        + ADDRESS),
                remote.cautions());
        won();
        links.with(ADDRESS, redeemer);
        look();
        // it is left alone for a moment
        assertTrue(waiting().stream().allMatch(winner -> winner.redeemer().isEmpty()));
        rig.clock.advance(Duration.ofSeconds(2));
        look();
        assertTrue(waiting().stream().allMatch(winner -> winner.redeemer().isPresent()));
        assertEquals(List.of(), remote.cautions());
        assertEquals(2, there.ledger.waiting(Optional.empty()));
    }

    @Test
    void afterARestartWhatWasNotHandedOverIsAndNothingIsTwice() {
        won();
        look();
        WinningTicket second = won();
        // the redeemer has it, and its answer got lost
        redeemer.take(second, rig.soon());
        remote.close();
        remote = rig.redeemers(rig.orchestrator);
        look();
        assertEquals(new HandedOver(second.hash(), ADDRESS.toString()), last());
        assertEquals(2, there.ledger.waiting(Optional.empty()));
    }

    @Test
    void aTicketThatIsRefusedWaitsWithItsReasonAndHoldsUpNoOther() {
        links.with(ADDRESS, new Refusing(1));
        won();
        WinningTicket second = won();
        look();
        String why = "the redeemer at " + ADDRESS + " does not take it: not this one";
        assertEquals(Optional.of(why), waiting().getFirst().lastFailure());
        assertEquals(new HandedOver(second.hash(), ADDRESS.toString()), last());
        long written = rig.orchestrator.ledger.entries().size();
        links.with(ADDRESS, new Refusing(2));
        look();
        rig.clock.advance(Duration.ofSeconds(10));
        look();
        // the same reason is written once
        assertEquals(written, rig.orchestrator.ledger.entries().size());
        links.with(ADDRESS, redeemer);
        rig.clock.advance(Duration.ofSeconds(20));
        look();
        assertTrue(waiting().stream().allMatch(winner -> winner.redeemer().isPresent()));
        assertEquals(
                1,
                rig.orchestrator.ledger.entries().stream()
                        .filter(RedemptionFailed.class::isInstance)
                        .count());
    }

    @Test
    void anotherRedeemerGetsWhatTheFirstOneHas() {
        WinningTicket ticket = won();
        look();
        rig.redeemer = Optional.of(OTHER);
        links.with(OTHER, redeemer);
        look();
        assertEquals(new HandedOver(ticket.hash(), OTHER.toString()), last());
    }

    @Test
    void whatTheRedeemerDidNotRedeemInTimeIsGivenUpWithThatReason() {
        WinningTicket handed = won();
        look();
        rig.chain.mine(40);
        rig.chain.nextRound();
        rig.chain.nextRound();
        look();
        assertEquals(
                new Abandoned(
                        handed.hash(), "the redeemer at " + ADDRESS + " did not redeem it in time: ticket is expired"),
                last());
    }

    @Test
    void theNodeIsNotReadyBeforeTheRedeemerHasAnswered() {
        links.remove(ADDRESS);
        assertEquals(Optional.of("the redeemer at " + ADDRESS + " has not answered yet"), remote.obstacle());
        look();
        assertEquals(
                Optional.of("the redeemer at " + ADDRESS + " has not answered yet: nobody answers at " + ADDRESS),
                remote.obstacle());
        links.with(ADDRESS, redeemer);
        rig.clock.advance(Duration.ofSeconds(2));
        look();
        assertEquals(Optional.empty(), remote.obstacle());
        links.remove(ADDRESS);
        won();
        look();
        assertEquals(Optional.empty(), remote.obstacle());
        assertEquals(1, remote.cautions().size());
        rig.redeemer = Optional.of(OTHER);
        assertTrue(remote.obstacle().isPresent());
        rig.redeemer = Optional.empty();
        assertEquals(Optional.empty(), remote.obstacle());
    }

    @Test
    void theOperatorIsToldOfTicketsThatTheRedeemerLeavesLying() {
        won();
        look();
        rig.chain.mine(89);
        look();
        assertEquals(List.of(), remote.cautions());
        rig.chain.mine(1);
        look();
        assertEquals(1, remote.cautions().size());
        assertTrue(remote.cautions().getFirst().contains("this node redeems them"), remote.cautions().getFirst());
        redeemThere();
        look();
        assertEquals(List.of(), remote.cautions());
    }

    @Test
    void whatNobodyTookInTimeIsGivenUpWithThatReason() {
        WinningTicket ticket = won();
        links.remove(ADDRESS);
        rig.chain.mine(40);
        rig.chain.nextRound();
        look();
        assertEquals(1, waiting().size());
        rig.chain.nextRound();
        look();
        assertEquals(
                new Abandoned(ticket.hash(), "the redeemer at " + ADDRESS + " did not take it in time: ticket is expired"),
                last());
    }

    @Test
    void theChainIsAskedAgainOnlyWhenSomethingOfTheSenderChangedOrAfterAWhile() {
        won();
        look();
        rig.chain.mine(40);
        look();
        // redeemed without a word of its sender's funds, as when a node of the chain lost an event
        RemoteRedemptions deaf = remote;
        remote = rig.redeemers(rig.orchestrator);
        redeemThere();
        RemoteRedemptions hearing = remote;
        remote = deaf;
        look();
        assertEquals(1, waiting().size());
        rig.clock.advance(Duration.ofSeconds(10));
        look();
        assertEquals(List.of(), waiting());
        hearing.close();
    }

    @Test
    void withoutARedeemerNothingIsHandedOver() {
        rig.redeemer = Optional.empty();
        WinningTicket ticket = won();
        look();
        assertEquals(new TicketWon(ticket), last());
        assertEquals(Optional.empty(), remote.maxFloat(rig.gateway.wallet.address(), rig.soon()));
    }

    @Test
    void withoutTheWireTicketsWait() {
        rig.orchestrator.links.unbind(links);
        WinningTicket ticket = won();
        look();
        assertEquals(new TicketWon(ticket), last());
        assertEquals(1, remote.cautions().size());
    }

    @Test
    void theMaxFloatIsTheRedeemersAndLastsThroughAnOutage() {
        Address sender = rig.gateway.wallet.address();
        Counting counting = new Counting(BigInteger.valueOf(777));
        links.with(ADDRESS, counting);
        assertEquals(BigInteger.valueOf(777), maxFloat(sender));
        assertEquals(BigInteger.valueOf(777), maxFloat(sender));
        assertEquals(1, counting.calls.get());
        rig.clock.advance(Duration.ofSeconds(1));
        maxFloat(sender);
        assertEquals(2, counting.calls.get());
        links.remove(ADDRESS);
        rig.clock.advance(Duration.ofMinutes(9));
        assertEquals(BigInteger.valueOf(777), maxFloat(sender));
        rig.clock.advance(Duration.ofMinutes(1));
        Fault fault = assertThrows(Fault.class, () -> maxFloat(sender));
        assertFalse(fault.getMessage().contains("8935"), fault.getMessage());
    }

    @Test
    void termsAreMadeForTheMaxFloatOfTheRedeemer() {
        links.with(ADDRESS, new Counting(BigInteger.valueOf(2000)));
        TicketPayee payee = rig.payee();
        Payee.Asked.Of asked = (Payee.Asked.Of) payee.terms(JobSpec.anything(), rig.caller("a"));
        assertEquals(
                BigInteger.valueOf(2000), asked.terms().ticketParams().orElseThrow().faceValue());
        links.with(ADDRESS, new Counting(BigInteger.ZERO));
        rig.clock.advance(Duration.ofSeconds(1));
        assertTrue(payee.terms(JobSpec.anything(), rig.caller("a")) instanceof Payee.Asked.No);
    }

    /** Refuses the first ones. */
    private static final class Refusing implements Redeemer {

        private final AtomicInteger left;

        private Refusing(int count) {
            left = new AtomicInteger(count);
        }

        @Override
        public Optional<Refused> take(WinningTicket ticket, Deadline deadline) {
            return left.getAndDecrement() > 0
                    ? Optional.of(new Refused(Reason.OTHER, "not this one"))
                    : Optional.empty();
        }

        @Override
        public BigInteger maxFloat(Address sender, Deadline deadline) {
            return BigInteger.ZERO;
        }
    }

    /** Counts how often it is asked. */
    private static final class Counting implements Redeemer {

        private final BigInteger maxFloat;
        private final AtomicInteger calls = new AtomicInteger();

        private Counting(BigInteger maxFloat) {
            this.maxFloat = maxFloat;
        }

        @Override
        public Optional<Refused> take(WinningTicket ticket, Deadline deadline) {
            return Optional.empty();
        }

        @Override
        public BigInteger maxFloat(Address sender, Deadline deadline) {
            calls.incrementAndGet();
            return maxFloat;
        }
    }

    private BigInteger maxFloat(Address sender) {
        return remote.maxFloat(sender, rig.soon()).orElseThrow();
    }

    /** The next ticket wins and is in the orchestrator's ledger. */
    private WinningTicket won() {
        WinningTicket ticket = winners.of(rig.gateway.wallet);
        rig.orchestrator.ledger.append(rig.clock.instant(), List.of(new TicketWon(ticket)));
        return ticket;
    }

    private void look() {
        remote.look();
        await(() -> remote.isWorking());
    }

    private void redeemThere() {
        redeemer.look();
        await(redeemer::isWorking);
    }

    private static void await(BooleanSupplier working) {
        long until = System.nanoTime() + ENOUGH.toNanos();
        while (working.getAsBoolean()) {
            assertTrue(System.nanoTime() < until, "it is still at work");
            Thread.onSpinWait();
        }
    }

    private List<PendingWinner> waiting() {
        return rig.orchestrator.ledger.winners(Optional.empty(), 10);
    }

    private LedgerEntry last() {
        return rig.orchestrator.ledger.entries().getLast();
    }
}
