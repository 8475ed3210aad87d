package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The numbers are those of go-livepeer's pm/recipient_test.go and pm/sendermonitor_test.go. */
class TicketPolicyTest {

    private static final TicketPolicy POLICY = policy(5, 10_000, Optional.empty());
    private static final BigInteger AMPLE = BigInteger.TEN.pow(30);

    @Test
    void aLimitThatNoTicketIsWorthRedeemingWithinIsTheOperatorsMistake() {
        Wei gas = Wei.of(1000);
        assertEquals(Optional.empty(), policy(Optional.empty()).objection(gas));
        assertEquals(Optional.empty(), policy(Optional.of(Wei.of(100_000))).objection(gas));
        assertTrue(policy(Optional.of(Wei.of(99_999))).objection(gas).orElseThrow().startsWith(
                "maxFaceValue is 99999 wei, and redeeming a ticket costs 100000 wei at least"));
        assertTrue(policy(Optional.of(Wei.of(999))).objection(Wei.ZERO).orElseThrow().startsWith(
                "maxFaceValue is 999 wei and less than ticketValue, 1000 wei"));
    }

    private static TicketPolicy policy(Optional<Wei> maxFaceValue) {
        return new TicketPolicy(Wei.of(1000), 100, 100, maxFaceValue, false);
    }

    @Test
    void aWinnerPaysManyTimesItsRedemption() {
        assertEquals(value(100_000_000), POLICY.faceValue(Wei.of(100), AMPLE));
        assertEquals(value(777_000_000), POLICY.faceValue(Wei.of(777), AMPLE));
        assertEquals(value(1_200_000_000_000_000L), arbitrum().faceValue(Wei.of(10_000_000), AMPLE));
        assertEquals(value(12_000_000_000_000_000L), arbitrum().faceValue(Wei.of(100_000_000), AMPLE));
    }

    @Test
    void whereGasIsForNothingAWinnerPaysManyTimesTheExpectedValue() {
        assertEquals(value(500), POLICY.faceValue(Wei.ZERO, AMPLE));
    }

    @Test
    void aWinnerPaysNoMoreThanTheReserveAndTheLimitAllow() {
        assertEquals(value(1_000_001), POLICY.faceValue(Wei.of(100), value(1_000_001).get()));
        assertEquals(value(10_001), POLICY.faceValue(Wei.of(1), value(10_001).get()));
        TicketPolicy limited = policy(5, 10_000, Optional.of(Wei.of(2_000_000)));
        assertEquals(value(2_000_000), limited.faceValue(Wei.of(100), AMPLE));
        assertEquals(value(1_500_000), limited.faceValue(Wei.of(100), value(1_500_000).get()));
    }

    @Test
    void aReserveThatCannotPayAWinnerIsTooSmall() {
        assertEquals(Optional.empty(), POLICY.faceValue(Wei.of(100), BigInteger.valueOf(4)));
        assertEquals(Optional.empty(), POLICY.faceValue(Wei.of(100), BigInteger.ZERO));
        assertEquals(Optional.empty(), POLICY.faceValue(Wei.of(100), BigInteger.valueOf(-90)));
        assertEquals(Optional.empty(), POLICY.faceValue(Wei.of(100), BigInteger.valueOf(999_999)));
    }

    @Test
    void aDearMomentIsBorneWhereAWinnerPaysAtTheUsualPriceOfGas() {
        BigInteger usual = BigInteger.valueOf(10_000L * 3_000_000_000L);
        assertEquals(Optional.of(usual), POLICY.faceValue(Wei.of(9_000_000_000L), usual));
        assertEquals(Optional.empty(), POLICY.faceValue(Wei.of(9_000_000_000L), usual.subtract(BigInteger.ONE)));
    }

    @Test
    void theProbabilityMakesTheExpectedValue() {
        assertProbability("5789604461865809771178549250434395392663499233282028201972879200395660", 100_000_000);
        assertProbability("745122839364969082519761808292714979750772102095499125093034646125570", 777_000_000);
        assertProbability("57890255593098787833002192285115442382396752657554526567072084795477017120", 10_001);
        assertEquals(BigInteger.ZERO, POLICY.winProbability(BigInteger.ZERO));
        assertEquals(Ticket.MAX_WIN_PROBABILITY, POLICY.winProbability(BigInteger.valueOf(5)));
        // 2^256 - 1 is divisible by 3: nothing is rounded
        assertEquals(
                Ticket.MAX_WIN_PROBABILITY.divide(BigInteger.valueOf(15)).multiply(BigInteger.valueOf(5)),
                POLICY.winProbability(BigInteger.valueOf(15)));
    }

    @Test
    void theFloatIsThePartOfTheReserveLessWhatWasClaimed() {
        assertFloat(-90, 50, funds(0, 500, 0, 100), 0);
        assertFloat(900, 5, funds(0, 5000, 0, 100), 0);
        assertFloat(200_000, 2, funds(0, 400_000, 0, 0), 0);
        assertFloat(0, 2, funds(0, 200_000, 200_000, 200_000), 0);
        assertFloat(200_000, 2, funds(0, 200_000, 200_000, 0), 0);
        assertFloat(0, 0, funds(0, 5000, 0, 0), 0);
    }

    @Test
    void whatIsBeingRedeemedCountsUnlessTheDepositCoversItThreeTimes() {
        assertFloat(500, 1, funds(400, 500, 0, 0), 100);
        assertFloat(500, 1, funds(300, 500, 0, 0), 100);
        assertFloat(400, 1, funds(299, 500, 0, 0), 100);
        assertFloat(400, 1, funds(200, 500, 0, 0), 100);
        assertFloat(400, 1, funds(0, 500, 0, 0), 100);
    }

    @Test
    void theCostOfRedemptionsIsAddedToThePriceWithThreeDecimals() {
        // a hundred redemptions are paid by one winner
        BigInteger faceValue = BigInteger.valueOf(100_000_000);
        assertEquals(Price.of(101, 100), POLICY.adjusted(Price.of(1, 1), faceValue, Wei.of(100)));
        assertEquals(Price.of(1212, 1), POLICY.adjusted(Price.of(1200, 1), faceValue, Wei.of(100)));
        assertEquals(Price.of(42, 125), POLICY.adjusted(Price.of(1, 3), faceValue, Wei.of(100)));
    }

    @Test
    void thePriceOfTheRecordedOrchestratorComesOut() {
        TicketPolicy recorded =
                new TicketPolicy(Wei.of(100_000_000_000_000L), 350_000, 100, Optional.of(Wei.of(400_000_000_000_000L)), true);
        Wei gas = Wei.of(1_000_000_007);
        BigInteger faceValue = recorded.faceValue(gas, AMPLE).orElseThrow();
        assertEquals(BigInteger.valueOf(400_000_000_000_000L), faceValue);
        assertEquals(Price.of(937_500_003, 100), recorded.adjusted(Price.of(5_000_000, 1), faceValue, gas));
        assertEquals(
                new BigInteger("4000000000000000000000000000000000000000000000000000592675a84000", 16),
                recorded.winProbability(faceValue));
    }

    @Test
    void nothingIsAddedToAPriceWhereNothingIsToBe() {
        BigInteger faceValue = BigInteger.valueOf(100_000_000);
        assertEquals(Price.ZERO, POLICY.adjusted(Price.ZERO, faceValue, Wei.of(100)));
        assertEquals(Price.of(7, 1), POLICY.adjusted(Price.of(7, 1), faceValue, Wei.ZERO));
        TicketPolicy plain = new TicketPolicy(Wei.of(5), 10_000, 100, Optional.empty(), false);
        assertEquals(Price.of(1, 3), plain.adjusted(Price.of(1, 3), faceValue, Wei.of(100)));
    }

    @Test
    void aTinyPriceDoesNotBecomeFree() {
        Price tiny = Price.of(1, 5000);
        assertEquals(tiny, POLICY.adjusted(tiny, BigInteger.valueOf(100_000_000), Wei.of(100)));
    }

    private static void assertProbability(String expected, long faceValue) {
        assertEquals(new BigInteger(expected), POLICY.winProbability(BigInteger.valueOf(faceValue)));
    }

    private static void assertFloat(long expected, int poolSize, SenderFunds funds, long pending) {
        assertEquals(
                BigInteger.valueOf(expected),
                TicketPolicy.maxFloat(state(poolSize), funds, BigInteger.valueOf(pending)));
    }

    private static TicketPolicy arbitrum() {
        return TicketPolicy.STANDARD;
    }

    private static TicketPolicy policy(long expectedValue, long redeemGas, Optional<Wei> maxFaceValue) {
        return new TicketPolicy(Wei.of(expectedValue), redeemGas, 100, maxFaceValue, true);
    }

    private static Optional<BigInteger> value(long value) {
        return Optional.of(BigInteger.valueOf(value));
    }

    private static ChainState state(int poolSize) {
        return new SampleChain(7, true, Bytes.EMPTY, Bytes.EMPTY, 100, poolSize, Wei.ZERO);
    }

    private static SenderFunds funds(long deposit, long reserve, long claimedInRound, long claimed) {
        return new SampleChain.Funds(
                Wei.of(deposit), Wei.of(reserve), Wei.of(claimedInRound), Wei.of(claimed), 0);
    }

    @Test
    void aPriceFitsIntoWhatTheNetworkHasForIt() {
        TicketPolicy plain = new TicketPolicy(POLICY.expectedValue(), 100, 100, Optional.empty(), false);
        BigInteger faceValue = BigInteger.valueOf(1_000_000);
        // a cent for a pixel at 3000.12345678 dollars for an ETH
        Price cent = new Price(BigInteger.TEN.pow(24), new BigInteger("300012345678"));
        for (TicketPolicy policy : List.of(plain, POLICY)) {
            Price fitted = policy.adjusted(cent, faceValue, Wei.ZERO);
            assertTrue(fitted.wei().bitLength() < Long.SIZE && fitted.units().bitLength() < Long.SIZE, fitted.toString());
            Rational off = fitted.perUnit().minus(cent.perUnit()).dividedBy(cent.perUnit());
            assertTrue(off.times(Rational.of(1_000_000, 1)).compareTo(Rational.of(1, 1)) < 0
                    && off.times(Rational.of(1_000_000, 1)).compareTo(Rational.of(-1, 1)) > 0, off.toString());
        }
        // next to nothing is not nothing
        Price least = plain.adjusted(new Price(BigInteger.ONE, BigInteger.TEN.pow(40)), faceValue, Wei.ZERO);
        assertEquals(1, least.perUnit().signum());
        assertTrue(least.units().bitLength() < Long.SIZE);
    }

    @Test
    void theCostOfRedemptionsIsExplainedByItsCause() {
        BigInteger faceValue = new BigInteger("400000000000000");
        Wei gas = Wei.of(1_000_000_000);
        TicketPolicy limited = new TicketPolicy(Wei.of(1), 350_000, 100, Optional.of(new Wei(faceValue)), true);
        String why = limited.adjustment(Price.of(5_000_000, 1), faceValue, gas, faceValue.multiply(BigInteger.TEN));
        assertTrue(why.contains("350000000000000 wei (350000 gas at 1000000000 wei)") && why.contains("maxFaceValue")
                && why.contains("7/8 of the price"), why);
        String reserve = limited.adjustment(Price.of(5_000_000, 1), faceValue, gas, faceValue);
        assertTrue(reserve.contains("the gateway's reserve covers no more"), reserve);
        BigInteger wanted = new BigInteger("35000000000000000");
        String usual = limited.adjustment(Price.of(5_000_000, 1), wanted, gas, wanted.multiply(BigInteger.TEN));
        assertTrue(usual.contains("aimed at") && usual.contains("1/100 of the price"), usual);
        assertTrue(limited.adjustment(Price.ZERO, BigInteger.ZERO, gas, wanted).contains("free"));
    }
}
