package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Payer.Declined;
import io.millrace.api.payment.Payer.Declined.Reason;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * What terms a gateway accepts (go-livepeer: pm/sender.go, validateTicketParams; order and texts are its).
 *
 * @param maxTicketValue the most that one ticket may be worth on average
 * @param maxTotalValue the most that all tickets of one payment may be worth on average
 * @param depositMultiplier how many winning tickets the deposit must be able to pay
 * @param spending how much may be promised in an hour and in a day
 */
public record SenderLimits(Wei maxTicketValue, Wei maxTotalValue, int depositMultiplier, Spending.Limits spending) {

    /** With no limit of what is promised over time. */
    public SenderLimits(Wei maxTicketValue, Wei maxTotalValue, int depositMultiplier) {
        this(maxTicketValue, maxTotalValue, depositMultiplier, Spending.Limits.NONE);
    }

    /** What go-livepeer accepts when nothing is configured. */
    public static final SenderLimits STANDARD =
            new SenderLimits(Wei.of(3_000_000_000_000L), Wei.of(20_000_000_000_000L), 1);

    /**
     * As configured.
     *
     * @throws IllegalArgumentException that names a setting whose value makes no sense
     */
    static SenderLimits of(TicketPayerConfiguration from) {
        if (from.depositMultiplier() < 1) {
            throw new IllegalArgumentException("depositMultiplier is " + from.depositMultiplier() + ": give at least 1");
        }
        return new SenderLimits(
                WeiSetting.parse("maxTicketValue", from.maxTicketValue()),
                WeiSetting.parse("maxPaymentValue", from.maxPaymentValue()),
                from.depositMultiplier(),
                new Spending.Limits(
                        WeiSetting.parse("maxPerHour", from.maxPerHour()),
                        WeiSetting.parse("maxPerDay", from.maxPerDay()),
                        WeiSetting.parse("maxPerPeerAndDay", from.maxPerPeerAndDay())));
    }

    /** Blocks that terms must still hold for. */
    private static final BigInteger EXPIRY_BUFFER = BigInteger.ONE;

    private static final int SHOWN_DECIMALS = 5;

    /** Why {@code count} tickets of these terms cannot be sent by an account with these funds. */
    Optional<Declined> objection(TicketParams params, int count, ChainState state, SenderFunds funds) {
        if (params.expirationBlock().signum() == 0) {
            return no(Reason.TERMS, "ticketParams expiration block is 0");
        }
        BigInteger left = params.expirationBlock().subtract(BigInteger.valueOf(state.l1Block()));
        if (left.compareTo(EXPIRY_BUFFER) <= 0) {
            return no(Reason.TERMS_EXPIRED, "TicketParams expired");
        }
        Rational value = Ticket.expectedValue(params);
        if (value.signum() <= 0) {
            return Optional.empty();
        }
        if (value.compareTo(Rational.of(params.faceValue())) >= 0) {
            return no(Reason.TERMS, "ticket faceValue too low faceValue=" + params.faceValue());
        }
        if (value.compareTo(maxTicketValue.toRational()) > 0) {
            return no(Reason.TERMS, "ticket EV " + shown(value) + " > max ticket EV " + shown(maxTicketValue.toRational()));
        }
        return lacking(state, funds).or(() -> tooMuch(params, value, count, funds));
    }

    /** Whether an account may withdraw so soon that nobody takes its tickets; senders and recipients ask this. */
    static boolean unlocksSoon(ChainState state, SenderFunds funds) {
        return funds.withdrawRound() != 0 && funds.withdrawRound() <= state.round() + 1;
    }

    private static Optional<Declined> lacking(ChainState state, SenderFunds funds) {
        if (unlocksSoon(state, funds)) {
            return no(Reason.FUNDS, "unable to validate sender: deposit and reserve is set to unlock soon");
        }
        if (funds.reserve().amount().signum() == 0) {
            return no(Reason.FUNDS, "no sender reserve");
        }
        return funds.deposit().amount().signum() == 0 ? no(Reason.FUNDS, "no sender deposit") : Optional.empty();
    }

    private Optional<Declined> tooMuch(TicketParams params, Rational value, int count, SenderFunds funds) {
        Rational total = value.times(Rational.of(count, 1));
        if (total.compareTo(maxTotalValue.toRational()) > 0) {
            return no(
                    Reason.TERMS,
                    "total ticket EV " + shown(total) + " for " + count + " tickets > max total ticket EV "
                            + shown(maxTotalValue.toRational()));
        }
        BigInteger maxFaceValue = funds.deposit().amount().divide(BigInteger.valueOf(depositMultiplier));
        return params.faceValue().compareTo(maxFaceValue) > 0
                ? no(Reason.TERMS, "ticket faceValue " + params.faceValue() + " > max faceValue " + maxFaceValue)
                : Optional.empty();
    }

    private static Optional<Declined> no(Reason reason, String message) {
        return Optional.of(new Declined(reason, message));
    }

    private static String shown(Rational value) {
        return new BigDecimal(value.numerator())
                .divide(new BigDecimal(value.denominator()), SHOWN_DECIMALS, RoundingMode.HALF_UP)
                .toPlainString();
    }
}
