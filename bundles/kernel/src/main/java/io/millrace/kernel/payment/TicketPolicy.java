package io.millrace.kernel.payment;

import static io.millrace.api.payment.Ticket.MAX_WIN_PROBABILITY;

import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What tickets an orchestrator wants (go-livepeer: pm/recipient.go and pm/sendermonitor.go).
 *
 * @param expectedValue wei that a ticket is worth on average; also the least balance that work is begun for
 * @param redeemGas units of gas that a redemption costs: 350,000, on Arbitrum 1,200,000
 * @param costMultiplier how many times the cost of its redemption a winning ticket pays
 * @param maxFaceValue the most that a winning ticket pays; empty for no such limit
 * @param adjustPrice whether the cost of redemptions is added to the price
 */
public record TicketPolicy(
        Wei expectedValue, long redeemGas, long costMultiplier, Optional<Wei> maxFaceValue, boolean adjustPrice) {

    /** What go-livepeer does on Arbitrum when nothing is configured. */
    public static final TicketPolicy STANDARD =
            new TicketPolicy(Wei.of(8_000_000_000L), 1_200_000, 100, Optional.empty(), true);

    /**
     * As an operator writes it; {@code maxFaceValue} of 0 is no limit.
     *
     * @throws IllegalArgumentException that names a setting whose value makes no sense
     */
    public static TicketPolicy of(String ticketValue, String maxFaceValue, long redeemGas, boolean adjustPrice) {
        Wei most = WeiSetting.parse("maxFaceValue", maxFaceValue);
        return new TicketPolicy(
                WeiSetting.parse("ticketValue", ticketValue),
                redeemGas,
                STANDARD.costMultiplier(),
                Optional.of(most).filter(limit -> limit.compareTo(Wei.ZERO) > 0),
                adjustPrice);
    }

    private static final BigInteger EV_MULTIPLIER = BigInteger.valueOf(100);
    private static final BigInteger USUAL_GAS_PRICE = BigInteger.valueOf(3_000_000_000L);
    private static final BigInteger DEPOSIT_PER_PENDING = BigInteger.valueOf(3);
    private static final BigInteger PRICE_DECIMALS = BigInteger.valueOf(1000);
    private static final int TERM_BITS = Long.SIZE - 1;

    /**
     * The most that a winning ticket of a sender can be sure to be paid: this orchestrator's part of the reserve, less
     * what is being redeemed unless the deposit covers that three times. May be negative.
     *
     * @param pending the face values of all tickets of the sender that are being redeemed
     */
    static BigInteger maxFloat(ChainState state, SenderFunds funds, BigInteger pending) {
        BigInteger part = BigInteger.ZERO;
        if (state.poolSize() > 0) {
            part = funds.reserve()
                    .plus(funds.claimedInRound())
                    .amount()
                    .divide(BigInteger.valueOf(state.poolSize()))
                    .subtract(funds.claimedByClaimant().amount());
        }
        boolean covered = pending.signum() > 0
                && funds.deposit().amount().compareTo(pending.multiply(DEPOSIT_PER_PENDING)) >= 0;
        return covered ? part : part.subtract(pending);
    }

    /** What a winning ticket pays; empty when the sender's reserve is too small for a ticket that is worth it. */
    Optional<BigInteger> faceValue(Wei gasPrice, BigInteger maxFloat) {
        BigInteger least = expectedValue.amount();
        BigInteger cost = redeemCost(gasPrice.amount());
        BigInteger wanted = cost.multiply(BigInteger.valueOf(costMultiplier));
        if (wanted.compareTo(least) < 0) {
            wanted = least.multiply(EV_MULTIPLIER);
        }
        BigInteger value = wanted.min(maxFloat);
        value = maxFaceValue.map(Wei::amount).map(value::min).orElse(value);
        boolean costsMore = value.compareTo(cost) < 0 && value.compareTo(redeemCost(USUAL_GAS_PRICE)) < 0;
        return value.compareTo(least) < 0 || costsMore ? Optional.empty() : Optional.of(value);
    }

    /**
     * What is wrong with these settings whoever the sender is: then no ticket is ever worth its redemption, and the
     * network's text ("insufficient sender reserve") names the wrong cause.
     */
    Optional<String> objection(Wei gasPrice) {
        BigInteger cost = redeemCost(gasPrice.amount());
        BigInteger usual = redeemCost(USUAL_GAS_PRICE);
        return maxFaceValue
                .map(Wei::amount)
                .filter(most -> most.compareTo(cost) < 0 && most.compareTo(usual) < 0)
                .map(most -> "maxFaceValue is " + most + " wei, and redeeming a ticket costs " + cost.min(usual)
                        + " wei at least, so that no gateway can pay: raise maxFaceValue")
                .or(() -> maxFaceValue
                        .map(Wei::amount)
                        .filter(most -> most.compareTo(expectedValue.amount()) < 0)
                        .map(most -> "maxFaceValue is " + most + " wei and less than ticketValue, "
                                + expectedValue.amount() + " wei, so that no gateway can pay: raise maxFaceValue"));
    }

    /** How often a ticket of this face value wins, of 2^256 - 1, so that it is worth the expected value. */
    BigInteger winProbability(BigInteger faceValue) {
        if (faceValue.signum() == 0) {
            return BigInteger.ZERO;
        }
        if (faceValue.equals(expectedValue.amount())) {
            return MAX_WIN_PROBABILITY;
        }
        BigInteger step = new Rational(MAX_WIN_PROBABILITY, faceValue).ceiling();
        return expectedValue.amount().multiply(step);
    }

    /**
     * The price with the cost of redemptions in it, cut to three decimals. A price that these cut to nothing is asked
     * as it is: go-livepeer would then work for nothing.
     */
    Price adjusted(Price price, BigInteger faceValue, Wei gasPrice) {
        if (!adjustPrice || price.isFree()) {
            return fitting(price);
        }
        Rational overhead = Rational.of(1, 1).plus(addedPart(faceValue, gasPrice));
        BigInteger thousandths =
                price.perUnit().times(overhead).times(Rational.of(PRICE_DECIMALS)).floor();
        if (thousandths.signum() == 0) {
            return fitting(price);
        }
        Rational cut = new Rational(thousandths, PRICE_DECIMALS);
        return fitting(new Price(cut.numerator(), cut.denominator()));
    }

    /** How much of a price the cost of redemptions adds to it. */
    private Rational addedPart(BigInteger faceValue, Wei gasPrice) {
        BigInteger cost = redeemCost(gasPrice.amount());
        return cost.signum() > 0 && faceValue.signum() > 0 ? new Rational(cost, faceValue) : Rational.ZERO;
    }

    /** Why the price is or is not {@link #adjusted}, in a sentence. */
    String adjustment(Price price, BigInteger faceValue, Wei gasPrice, BigInteger maxFloat) {
        if (price.isFree()) {
            return "work that is free needs no tickets, so that no cost of redemptions is added";
        }
        if (!adjustPrice) {
            return "the cost of redeeming tickets is not added, since adjustPrice is off";
        }
        BigInteger cost = redeemCost(gasPrice.amount());
        BigInteger wanted = cost.multiply(BigInteger.valueOf(costMultiplier));
        String limit = faceValue.compareTo(wanted) >= 0
                ? "which is what is aimed at"
                : faceValue.equals(maxFloat)
                        ? "and no more, since the gateway's reserve covers no more"
                        : "and no more, because of maxFaceValue";
        return "redeeming a winning ticket costs " + cost + " wei (" + redeemGas + " gas at " + gasPrice.amount()
                + " wei), and it pays " + faceValue + " wei, " + limit + ", so that " + addedPart(faceValue, gasPrice)
                + " of the price is added to it (adjustPrice)";
    }

    /**
     * The network holds both terms of a price as 63-bit numbers, and tickets are bound to the price as it arrives there:
     * a price with greater terms loses its lowest bits, and one that is next to nothing becomes the least that there is.
     */
    private static Price fitting(Price price) {
        Rational exact = price.perUnit();
        int shift = Math.max(exact.numerator().bitLength(), exact.denominator().bitLength()) - TERM_BITS;
        if (shift <= 0) {
            return price;
        }
        BigInteger wei = exact.numerator().shiftRight(shift).max(BigInteger.ONE);
        BigInteger units = exact.denominator().shiftRight(shift).max(BigInteger.ONE);
        Rational cut = new Rational(wei, units);
        return new Price(cut.numerator(), cut.denominator());
    }

    private BigInteger redeemCost(BigInteger gasPrice) {
        return gasPrice.multiply(BigInteger.valueOf(redeemGas));
    }
}
