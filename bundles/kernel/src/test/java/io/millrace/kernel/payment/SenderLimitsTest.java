package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Payer.Declined;
import io.millrace.api.payment.Payer.Declined.Reason;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SenderLimitsTest {

    private static final SenderLimits LIMITS = new SenderLimits(Wei.of(100), Wei.of(1000), 2);
    private static final SampleChain.Funds FUNDS = funds(10_000, 500, 0);

    @Test
    void termsThatAreInOrderAreAccepted() {
        assertEquals(Optional.empty(), objection(params(1000, 10, 102), 1, FUNDS));
        assertEquals(Optional.empty(), objection(params(5000, 100, 102), 10, FUNDS));
    }

    @Test
    void termsHoldForTwoBlocksAtLeast() {
        assertDeclined(Reason.TERMS, "ticketParams expiration block is 0", params(1000, 10, 0), 1, FUNDS);
        assertDeclined(Reason.TERMS_EXPIRED, "TicketParams expired", params(1000, 10, 101), 1, FUNDS);
        assertDeclined(Reason.TERMS_EXPIRED, "TicketParams expired", params(1000, 10, 7), 1, FUNDS);
    }

    @Test
    void ticketsThatAreWorthNothingNeedNoFunds() {
        TicketParams free = new TicketParams(
                Address.NONE, BigInteger.ZERO, BigInteger.ZERO, Bytes.EMPTY, BigInteger.ZERO, BigInteger.valueOf(102), 0, Bytes.EMPTY);
        assertEquals(Optional.empty(), objection(free, 1, funds(0, 0, 0)));
    }

    @Test
    void aTicketMustBeALottery() {
        assertDeclined(Reason.TERMS, "ticket faceValue too low faceValue=5", params(5, 5, 200), 1, FUNDS);
    }

    @Test
    void aTicketIsWorthNoMoreThanTheLimit() {
        assertDeclined(
                Reason.TERMS, "ticket EV 125.00000 > max ticket EV 100.00000", params(1000, 125, 200), 1, FUNDS);
    }

    @Test
    void anAccountWithoutFundsSendsNothing() {
        TicketParams good = params(1000, 10, 200);
        assertDeclined(Reason.FUNDS, "no sender reserve", good, 1, funds(10_000, 0, 0));
        assertDeclined(Reason.FUNDS, "no sender deposit", good, 1, funds(0, 500, 0));
        assertDeclined(
                Reason.FUNDS,
                "unable to validate sender: deposit and reserve is set to unlock soon",
                good,
                1,
                funds(0, 0, 8));
    }

    @Test
    void aPaymentIsWorthNoMoreThanTheLimit() {
        assertDeclined(
                Reason.TERMS,
                "total ticket EV 1010.00000 for 101 tickets > max total ticket EV 1000.00000",
                params(1000, 10, 200),
                101,
                FUNDS);
    }

    @Test
    void theDepositPaysSeveralWinners() {
        assertDeclined(
                Reason.TERMS, "ticket faceValue 10000 > max faceValue 5000", params(10_000, 10, 200), 1, FUNDS);
    }

    @Test
    void anUnlockCountsFromTheRoundBeforeTheLastOn() {
        assertFalse(SenderLimits.unlocksSoon(state(1), funds(1, 1, 10)));
        assertFalse(SenderLimits.unlocksSoon(state(8), funds(1, 1, 10)));
        assertTrue(SenderLimits.unlocksSoon(state(9), funds(1, 1, 10)));
        assertTrue(SenderLimits.unlocksSoon(state(10), funds(1, 1, 10)));
        assertFalse(SenderLimits.unlocksSoon(state(10), funds(1, 1, 0)));
    }

    private static void assertDeclined(
            Reason reason, String message, TicketParams params, int count, SampleChain.Funds funds) {
        assertEquals(Optional.of(new Declined(reason, message)), objection(params, count, funds));
    }

    private static Optional<Declined> objection(TicketParams params, int count, SampleChain.Funds funds) {
        return LIMITS.objection(params, count, state(7), funds);
    }

    /** Worth a little less than {@code expectedValue}, for its probability is rounded down. */
    private static TicketParams params(long faceValue, long expectedValue, long expirationBlock) {
        BigInteger probability = BigInteger.valueOf(expectedValue)
                .multiply(Ticket.MAX_WIN_PROBABILITY)
                .divide(BigInteger.valueOf(faceValue));
        return new TicketParams(
                Address.NONE,
                BigInteger.valueOf(faceValue),
                probability,
                Bytes.EMPTY,
                BigInteger.ONE,
                BigInteger.valueOf(expirationBlock),
                7,
                Bytes.EMPTY);
    }

    private static SampleChain state(long round) {
        return new SampleChain(round, true, Bytes.EMPTY, Bytes.EMPTY, 100, 1, Wei.ZERO);
    }

    private static SampleChain.Funds funds(long deposit, long reserve, long withdrawRound) {
        return new SampleChain.Funds(Wei.of(deposit), Wei.of(reserve), Wei.ZERO, Wei.ZERO, withdrawRound);
    }
}
