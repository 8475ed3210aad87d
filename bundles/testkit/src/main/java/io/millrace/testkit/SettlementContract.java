package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.Notice;
import io.millrace.api.payment.Settlement.Redemption;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Registration;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Settlement} does, on a chain of which the test decides all that happens. */
public abstract class SettlementContract {

    /** A chain with one sender that has no funds yet and one orchestrator that is active; round 1 or later. */
    public interface Chain {

        /** What is tested. */
        Settlement settlement();

        /** The account of the sender. */
        Wallet sender();

        /** The account of the orchestrator, the only active one. */
        Wallet orchestrator();

        /** An account that is neither. */
        Wallet stranger();

        /** The sender adds to its deposit and reserve. */
        void fund(Wei deposit, Wei reserve);

        /** The sender begins to unlock. */
        void unlock();

        /** So many layer 1 blocks are made. */
        void mine(int blocks);

        /** The next round begins and is initialized. */
        void nextRound();
    }

    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final BigInteger FACE_VALUE = BigInteger.TEN.pow(15);
    private static final Bytes RAND = Keccak256.of(Bytes.utf8("secret"));

    private Chain chain;
    private Settlement settlement;
    private long nonce;

    /** A chain of its own for each test. */
    protected abstract Chain chain();

    /** How long a call may take, and what has happened on the chain may take to be known. */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    @BeforeEach
    void openChain() {
        chain = chain();
        settlement = chain.settlement();
    }

    @Test
    void itKnowsRoundBlockAndPool() {
        ChainState state = settlement.state(soon());
        assertTrue(state.round() >= 1);
        assertTrue(state.roundInitialized());
        assertEquals(32, state.roundBlockHash().size());
        assertEquals(32, state.previousRoundBlockHash().size());
        assertEquals(1, state.poolSize());
        assertTrue(state.gasPrice().amount().signum() >= 0);
    }

    @Test
    void blocksAndRoundsMoveOn() {
        ChainState before = settlement.state(soon());
        chain.mine(3);
        awaitThat(() -> settlement.state(soon()).l1Block() >= before.l1Block() + 3);
        chain.nextRound();
        awaitThat(() -> settlement.state(soon()).round() == before.round() + 1);
        assertEquals(before.roundBlockHash(), settlement.state(soon()).previousRoundBlockHash());
    }

    @Test
    void onlyTheOrchestratorIsActive() {
        assertTrue(settlement.isActive(chain.orchestrator().address(), soon()));
        assertFalse(settlement.isActive(chain.stranger().address(), soon()));
        assertFalse(settlement.isActive(Address.NONE, soon()));
    }

    @Test
    void aSenderHasWhatItPaidInAndAStrangerNothing() {
        fund(ETHER, Wei.of(400));
        SenderFunds funds = funds();
        assertEquals(Wei.of(400), funds.reserve());
        assertEquals(Wei.ZERO, funds.claimedInRound());
        assertEquals(0, funds.withdrawRound());
        SenderFunds none = settlement.funds(chain.stranger().address(), Address.NONE, soon());
        assertEquals(Wei.ZERO, none.deposit());
        assertEquals(Wei.ZERO, none.reserve());
    }

    @Test
    void anUnlockingSenderSaysWhenItMayWithdraw() {
        fund(ETHER, ETHER);
        long round = settlement.state(soon()).round();
        chain.unlock();
        awaitThat(() -> funds().withdrawRound() != 0);
        assertEquals(round + 2, funds().withdrawRound());
    }

    @Test
    void theDepositPaysFirst() {
        fund(ETHER, ETHER);
        assertEquals(new Wei(FACE_VALUE), paid(redeem(winner())).amount());
        awaitThat(() -> funds().deposit().equals(ETHER.minus(new Wei(FACE_VALUE))));
        assertEquals(ETHER, funds().reserve());
    }

    @Test
    void theReservePaysWhatTheDepositCannot() {
        Wei deposit = new Wei(FACE_VALUE.divide(BigInteger.TWO));
        Wei claimed = new Wei(FACE_VALUE).minus(deposit);
        fund(deposit, ETHER);
        assertEquals(new Wei(FACE_VALUE), paid(redeem(winner())).amount());
        awaitThat(() -> funds().deposit().equals(Wei.ZERO));
        assertEquals(ETHER.minus(claimed), funds().reserve());
        assertEquals(claimed, funds().claimedInRound());
        assertEquals(claimed, funds().claimedByClaimant());
    }

    @Test
    void whatTheSenderHasNotIsNotPaid() {
        Wei little = new Wei(FACE_VALUE.divide(BigInteger.TEN));
        fund(little, Wei.ZERO);
        assertEquals(little, paid(redeem(winner())).amount());
    }

    @Test
    void aTicketIsRedeemedOnce() {
        fund(ETHER, ETHER);
        WinningTicket winner = winner();
        paid(redeem(winner));
        assertRefused(Reason.USED, redeem(winner));
    }

    @Test
    void whatTheContractWouldSayIsKnownBeforehand() {
        WinningTicket winner = winner();
        assertObjects(Reason.FUNDS, winner);
        fund(ETHER, ETHER);
        assertTrue(settlement.objection(winner, soon()).isEmpty());
        WinningTicket late = winner();
        paid(redeem(winner));
        assertObjects(Reason.USED, winner);
        nextRound();
        assertTrue(settlement.objection(late, soon()).isEmpty());
        nextRound();
        assertObjects(Reason.EXPIRED, late);
        assertObjects(Reason.USED, winner);
    }

    private void assertObjects(Reason reason, WinningTicket winner) {
        // what has happened on the chain may take a moment to be known
        awaitThat(() -> settlement.objection(winner, soon()).isPresent());
        assertEquals(reason, settlement.objection(winner, soon()).orElseThrow().reason());
    }

    @Test
    void whatWasPaidForATicketIsFoundAgain() {
        Wei little = new Wei(FACE_VALUE.divide(BigInteger.TEN));
        fund(little, Wei.ZERO);
        WinningTicket winner = winner();
        WinningTicket other = winner();
        Paid paid = paid(redeem(winner));
        awaitThat(() -> settlement.settled(winner, soon()).isPresent());
        assertEquals(paid, settlement.settled(winner, soon()).orElseThrow());
        assertTrue(settlement.settled(other, soon()).isEmpty());
    }

    @Test
    void aTicketCanBeRedeemedInItsRoundAndTheNextAndNotLater() {
        fund(ETHER, ETHER);
        WinningTicket next = winner();
        WinningTicket late = winner();
        nextRound();
        paid(redeem(next));
        nextRound();
        assertRefused(Reason.EXPIRED, redeem(late));
    }

    @Test
    void aTicketOfARoundThatWasNotIsRefused() {
        fund(ETHER, ETHER);
        TicketParams params = params(settlement.state(soon()));
        assertRefused(Reason.EXPIRED, redeem(signed(with(params, params.creationRound() + 5, params.creationRoundBlockHash()))));
        assertRefused(Reason.INVALID, redeem(signed(with(params, params.creationRound(), Keccak256.of(RAND)))));
    }

    @Test
    void whatIsWrongWithATicketIsFinal() {
        fund(ETHER, ETHER);
        WinningTicket good = winner();
        Bytes otherRand = Keccak256.of(Bytes.utf8("other"));
        assertRefused(Reason.INVALID, redeem(new WinningTicket(good.ticket(), good.signature(), otherRand)));
        Bytes otherSignature = chain.stranger().sign(good.hash());
        assertRefused(Reason.INVALID, redeem(new WinningTicket(good.ticket(), otherSignature, RAND)));
        TicketParams params = good.ticket().params();
        TicketParams hopeless = new TicketParams(
                params.recipient(),
                params.faceValue(),
                BigInteger.ZERO,
                params.recipientRandHash(),
                params.seed(),
                params.expirationBlock(),
                params.creationRound(),
                params.creationRoundBlockHash());
        assertRefused(Reason.INVALID, redeem(signed(hopeless)));
        paid(redeem(good));
    }

    @Test
    void aSenderWithoutFundsMayPayInAndThenPays() {
        WinningTicket winner = winner();
        assertRefused(Reason.FUNDS, redeem(winner));
        fund(ETHER, ETHER);
        paid(redeem(winner));
    }

    @Test
    void anUnlockingSenderStillPaysUntilItMayWithdraw() {
        fund(ETHER, ETHER);
        chain.unlock();
        paid(redeem(winner()));
        nextRound();
        nextRound();
        assertRefused(Reason.FUNDS, redeem(winner()));
    }

    @Test
    void whoWatchesIsToldOfRoundsBlocksAndFunds() {
        List<Notice> notices = new CopyOnWriteArrayList<>();
        Registration registration = settlement.watch(notices::add);
        chain.fund(ETHER, ETHER);
        awaitThat(() -> notices.contains(new Notice.FundsChanged(chain.sender().address())));
        long round = settlement.state(soon()).round();
        chain.nextRound();
        awaitThat(() -> notices.contains(new Notice.NewRound(round + 1)));
        chain.mine(1);
        awaitThat(() -> notices.stream().anyMatch(Notice.NewBlock.class::isInstance));
        registration.close();
        registration.close();
    }

    private void fund(Wei deposit, Wei reserve) {
        chain.fund(deposit, reserve);
        awaitThat(() -> funds().deposit().equals(deposit));
    }

    private void nextRound() {
        long before = settlement.state(soon()).round();
        chain.nextRound();
        // the round counts on by itself, and is initialized by a transaction
        awaitThat(() -> settlement.state(soon()).round() == before + 1
                && settlement.state(soon()).roundInitialized());
    }

    private SenderFunds funds() {
        return settlement.funds(chain.sender().address(), chain.orchestrator().address(), soon());
    }

    private Redemption redeem(WinningTicket winner) {
        return settlement.redeem(winner, soon());
    }

    private static Paid paid(Redemption redemption) {
        return assertInstanceOf(Paid.class, redemption);
    }

    private static void assertRefused(Reason reason, Redemption redemption) {
        Refused refused = assertInstanceOf(Refused.class, redemption);
        assertEquals(reason, refused.reason(), refused.message());
    }

    private WinningTicket winner() {
        return signed(params(settlement.state(soon())));
    }

    private WinningTicket signed(TicketParams params) {
        nonce++;
        Ticket ticket = new Ticket(chain.sender().address(), params, nonce);
        return new WinningTicket(ticket, chain.sender().sign(ticket.hash()), RAND);
    }

    private TicketParams params(ChainState state) {
        return new TicketParams(
                chain.orchestrator().address(),
                FACE_VALUE,
                Ticket.MAX_WIN_PROBABILITY,
                Keccak256.of(RAND),
                BigInteger.ONE,
                BigInteger.valueOf(state.l1Block()),
                state.round(),
                state.roundBlockHash());
    }

    private static TicketParams with(TicketParams params, long round, Bytes blockHash) {
        return new TicketParams(
                params.recipient(),
                params.faceValue(),
                params.winProbability(),
                params.recipientRandHash(),
                params.seed(),
                params.expirationBlock(),
                round,
                blockHash);
    }

    private Deadline soon() {
        return Deadline.in(patience(), InstantSource.system());
    }

    private void awaitThat(BooleanSupplier condition) {
        Deadline deadline = soon();
        while (!condition.getAsBoolean()) {
            assertFalse(deadline.expired(InstantSource.system()), "what happened on the chain is not known");
            Thread.onSpinWait();
        }
    }
}
