package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.Redeemer.Reason;
import io.millrace.api.payment.Redeemer.Refused;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Registration;
import io.millrace.api.value.Wei;
import io.millrace.testkit.InMemoryLedger;
import io.millrace.testkit.InMemoryWallet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tickets that anybody hands to a redeemer. */
class LocalRedeemerTest {

    private static final Duration ENOUGH = Duration.ofSeconds(30);

    private final MoneyRig rig = new MoneyRig();
    private final MoneySide side =
            new MoneySide(rig.registry.wallet("redeemer"), new InMemoryLedger(), rig.chain, rig.clock);
    private final Address recipient = rig.orchestrator.wallet.address();
    private final LocalRedeemer redeemer = new LocalRedeemer(side.ports, RedemptionsTest::unlimited);
    private final InMemoryWallet sender = rig.gateway.wallet;

    @BeforeEach
    void listen() {
        side.wallet.orchestrator(recipient);
        rig.chain.watch(redeemer::heard);
    }

    @Test
    void aTicketIsOnDiskWhenItIsTakenAndRedeemedOnceItsTermsHaveExpired() {
        WinningTicket ticket = winners().of(sender);
        assertEquals(Optional.empty(), take(ticket));
        assertEquals(1, side.ledger.reopened().waiting(Optional.empty()));
        look();
        assertEquals(1, side.ledger.waiting(Optional.empty()));
        rig.chain.mine(40);
        look();
        assertEquals(0, side.ledger.waiting(Optional.empty()));
        assertEquals(Wei.of(4000), rig.chain.earned(recipient));
    }

    @Test
    void oneThatIsHandedOverTwiceIsRedeemedOnce() {
        WinningTicket ticket = winners().of(sender);
        assertEquals(Optional.empty(), take(ticket));
        assertEquals(Optional.empty(), take(ticket));
        assertEquals(1, side.ledger.waiting(Optional.empty()));
        rig.chain.mine(40);
        look();
        assertEquals(Optional.empty(), take(ticket));
        look();
        assertEquals(0, side.ledger.waiting(Optional.empty()));
        assertEquals(Wei.of(4000), rig.chain.earned(recipient));
    }

    @Test
    void oneThatTheOrchestratorRedeemedItselfIsWrittenAsItWasPaid() {
        WinningTicket ticket = winners().of(sender);
        take(ticket);
        rig.chain.mine(40);
        rig.chain.redeem(ticket, rig.soon());
        look();
        assertEquals(Wei.of(4000), ((Redeemed) side.ledger.entries().getLast()).paid());
        assertEquals(Wei.of(4000), rig.chain.earned(recipient));
    }

    @Test
    void aTicketForAnotherAccountIsRefusedInTheWordsOfTheNetwork() {
        Address other = rig.registry.wallet("another").address();
        Refused refused = refused(winners().to(other).of(sender));
        assertEquals(Reason.RECIPIENT, refused.reason());
        assertEquals(
                "invalid ticket recipient " + other + ", expected " + recipient.checksummed(), refused.message());
    }

    @Test
    void withoutARecipientOfItsOwnItRedeemsForItsWallet() {
        side.wallet.orchestrator(side.wallet.address());
        LocalRedeemer own = new LocalRedeemer(side.ports, RedemptionsTest::unlimited);
        WinningTicket ticket = winners().to(side.wallet.address()).of(sender);
        assertEquals(Optional.empty(), own.take(ticket, rig.soon()));
    }

    @Test
    void whatTheContractWouldNotTakeIsNotKept() {
        WinningTicket good = winners().of(sender);
        Bytes stranger = rig.registry.wallet("a stranger").sign(good.hash());
        assertRefused("invalid ticket signature", new WinningTicket(good.ticket(), stranger, good.recipientRand()));
        assertRefused(
                "invalid ticket signature", new WinningTicket(good.ticket(), Bytes.wrap(new byte[64]), good.recipientRand()));
        assertRefused(
                "invalid recipientRand for ticket recipientRandHash",
                new WinningTicket(good.ticket(), good.signature(), Bytes.wrap(new byte[32])));
        assertRefused("the ticket did not win", winners().winProbability(BigInteger.ZERO).of(sender));
        assertRefused(
                "ticket creationRoundBlockHash invalid for creationRound",
                winners().created(state().round(), Bytes.wrap(new byte[32])).of(sender));
        assertRefused("invalid ticket: it names no round that it was created in",
                winners().created(0, Bytes.EMPTY).of(sender));
        assertRefused(
                "it was created in round 1000, and this is round " + state().round(),
                winners().created(1000, state().roundBlockHash()).of(sender));
        assertRefused(
                "its terms end more than 1000 blocks from now",
                winners().expirationBlock(BigInteger.TWO.pow(255)).of(sender));
        assertEquals(List.of(), side.ledger.entries());
    }

    @Test
    void aTicketThatIsTooOldIsRefused() {
        WinningTicket ticket = winners().of(sender);
        rig.chain.nextRound();
        assertEquals(Optional.empty(), take(ticket));
        WinningTicket late = winners().created(state().round() - 1, state().previousRoundBlockHash()).of(sender);
        rig.chain.nextRound();
        assertRefused("ticket is expired", late);
    }

    @Test
    void aTicketOfASenderWithoutFundsWaitsForThem() {
        InMemoryWallet broke = rig.registry.wallet("broke");
        assertEquals(Optional.empty(), take(winners().of(broke)));
    }

    @Test
    void withoutTheChainTicketsAreKeptAndWithoutTheLedgerTheyAreNot() {
        WinningTicket ticket = winners().of(sender);
        WinningTicket other = winners().expirationBlock(BigInteger.ONE).of(sender);
        rig.chain.reachable(false);
        assertEquals(Optional.empty(), take(ticket));
        side.ledger.full(true);
        assertThrows(Fault.class, () -> take(other));
        assertThrows(Fault.class, () -> redeemer.maxFloat(sender.address(), rig.soon()));
    }

    @Test
    void ofOneSenderSoManyWaitAndThoseOfOthersAreTaken() {
        Winners winners = winners();
        List<WinningTicket> first = new ArrayList<>();
        for (int i = 0; i < LocalRedeemer.MAX_PER_SENDER; i++) {
            first.add(winners.of(sender));
        }
        first.forEach(ticket -> assertEquals(Optional.empty(), take(ticket)));
        assertEquals(List.of(), redeemer.cautions());
        Refused refused = refused(winners.of(sender));
        assertEquals(Reason.FULL, refused.reason());
        assertTrue(refused.message().startsWith("1000 tickets of " + sender.address().checksummed()), refused.message());
        assertEquals(Optional.empty(), take(winners.of(rig.registry.wallet("another sender"))));
        assertEquals(1, redeemer.cautions().size());
        rig.clock.advance(Duration.ofMinutes(11));
        assertEquals(List.of(), redeemer.cautions());
    }

    @Test
    void whereHalfOfTheRoomIsTakenOnlyTicketsThatPayForTheirGasAreAndThenNone() {
        Winners winners = winners();
        keep(winners, LocalRedeemer.MAX_OF_ANY_WORTH);
        Refused refused = refused(winners.of(rig.registry.wallet("a sender without funds")));
        assertEquals(Reason.FULL, refused.reason());
        assertEquals("5000 tickets wait to be redeemed, and this one does not pay for its gas", refused.message());
        assertEquals(Optional.empty(), take(winners.of(sender)));
        rig.chain.gasPrice(Wei.of(1));
        assertEquals(Reason.FULL, refused(winners.of(sender)).reason());
        rig.chain.gasPrice(Wei.ZERO);
        keep(winners, LocalRedeemer.MAX_WAITING - side.ledger.waiting(Optional.empty()));
        assertEquals("10000 tickets wait to be redeemed", refused(winners.of(sender)).message());
    }

    /** As if so many of another sender had been taken. */
    private void keep(Winners winners, int count) {
        InMemoryWallet other = rig.registry.wallet("another sender");
        List<LedgerEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new TicketWon(winners.of(other)));
        }
        assertTrue(side.ledger.append(rig.clock.instant(), entries));
    }

    @Test
    void maxFloatIsThePartOfTheReserveLessWhatIsBeingRedeemed() {
        assertEquals(BigInteger.TEN.pow(9), redeemer.maxFloat(sender.address(), rig.soon()));
        InMemoryWallet stranger = rig.registry.wallet("a stranger");
        assertEquals(BigInteger.ZERO, redeemer.maxFloat(stranger.address(), rig.soon()));
    }

    @Test
    void whoWatchesASenderIsToldOfWhatChangesItsMaxFloatAndOfNoOther() {
        AtomicInteger told = new AtomicInteger();
        Registration watch = redeemer.watch(sender.address(), told::incrementAndGet);
        InMemoryWallet other = rig.registry.wallet("another sender");
        rig.chain.fund(other.address(), Wei.of(5), Wei.of(5));
        assertEquals(0, told.get());
        rig.chain.fund(sender.address(), Wei.of(5), Wei.of(5));
        assertEquals(1, told.get());
        rig.chain.nextRound();
        assertEquals(2, told.get());
        rig.chain.mine(1);
        assertEquals(2, told.get());
        watch.close();
        watch.close();
        rig.chain.nextRound();
        assertEquals(2, told.get());
    }

    @Test
    void maxFloatIsLessWhileATicketIsBeingRedeemedAndWhoWatchesSeesIt() {
        InMemoryWallet poor = rig.registry.wallet("poor");
        rig.chain.fund(poor.address(), Wei.of(1), Wei.of(10_000));
        take(winners().of(poor));
        List<BigInteger> seen = new CopyOnWriteArrayList<>();
        redeemer.watch(poor.address(), () -> seen.add(redeemer.maxFloat(poor.address(), rig.soon())));
        rig.chain.mine(40);
        look();
        assertEquals(BigInteger.valueOf(6000), seen.getFirst());
        assertEquals(BigInteger.valueOf(6001), seen.getLast());
    }

    private Winners winners() {
        return new Winners(recipient, state());
    }

    private ChainState state() {
        return rig.chain.state(rig.soon());
    }

    private Optional<Refused> take(WinningTicket ticket) {
        return redeemer.take(ticket, rig.soon());
    }

    private Refused refused(WinningTicket ticket) {
        return take(ticket).orElseThrow();
    }

    private void assertRefused(String message, WinningTicket ticket) {
        assertEquals(new Refused(Reason.TICKET, message), refused(ticket));
    }

    private void look() {
        redeemer.look();
        long until = System.nanoTime() + ENOUGH.toNanos();
        while (redeemer.isWorking()) {
            assertTrue(System.nanoTime() < until, "it is still at work");
            Thread.onSpinWait();
        }
    }
}
