package io.millrace.arbitrum;

import io.millrace.api.payment.PriceFeed;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A contract with Chainlink's interface AggregatorV3, read in the state after one block. Its answer is a number of the
 * second currency of its description for one of the first, such as {@code ETH / USD}.
 */
final class ChainlinkPriceFeed implements PriceFeed {

    /** Chainlink renews the answer for ETH at least once in 24 hours, however little it moves. */
    private static final Duration MAX_AGE = Duration.ofHours(25);

    private static final String ETH = "ETH";
    private static final BigInteger WEI_PER_ETH = BigInteger.TEN.pow(18);
    private static final BigInteger MAX_DECIMALS = BigInteger.valueOf(36);
    private static final int MAX_ANSWER_BITS = 128;
    private static final Pattern PAIR = Pattern.compile("\\s*([A-Za-z0-9]{1,16})\\s*/\\s*([A-Za-z0-9]{1,16})\\s*");

    private final Chain chain;
    private final Reads reads;
    private final Address contract;

    ChainlinkPriceFeed(Chain chain, Reads reads, Address contract) {
        this.chain = chain;
        this.reads = reads;
        this.contract = contract;
    }

    @Override
    public Rate rate(Deadline deadline) {
        try {
            return reads.asking(deadline, head -> rate(head, deadline));
        } catch (Fault e) {
            throw new Fault(e.consequence(), "the contract " + contract + " (priceFeed): " + e.getMessage(), e);
        }
    }

    private Rate rate(Head head, Deadline deadline) throws RpcError {
        Bytes block = head.block().hash();
        Matcher pair = PAIR.matcher(Abi.text(chain.call(block, contract, Abi.call("description"), deadline)));
        if (!pair.matches()) {
            throw nonsense("it does not say which two currencies it is of");
        }
        BigInteger decimals = chain.number(block, contract, deadline, "decimals");
        if (decimals.compareTo(MAX_DECIMALS) > 0) {
            throw nonsense("its answers have " + decimals + " decimals, more than " + MAX_DECIMALS);
        }
        // (roundId, answer, startedAt, updatedAt, answeredInRound)
        List<BigInteger> round = Abi.words(chain.call(block, contract, Abi.call("latestRoundData"), deadline), 5);
        BigInteger answer = round.get(1);
        if (answer.signum() == 0 || answer.bitLength() > MAX_ANSWER_BITS) {
            throw nonsense("its answer is zero, negative or beyond reason");
        }
        Instant at = updated(round.get(3), head.block().seconds());
        Rational price = new Rational(answer, BigInteger.TEN.pow(decimals.intValueExact()));
        String base = pair.group(1).toUpperCase(Locale.ROOT);
        String quote = pair.group(2).toUpperCase(Locale.ROOT);
        if (base.equals(ETH) == quote.equals(ETH)) {
            throw nonsense("it is of " + base + " and " + quote + ", and not of ETH and another currency");
        }
        return base.equals(ETH)
                ? new Rate(quote, Rational.of(WEI_PER_ETH).dividedBy(price), at)
                : new Rate(base, Rational.of(WEI_PER_ETH).times(price), at);
    }

    /** Measured by the clock of the chain, since that of the machine may be wrong. */
    private static Instant updated(BigInteger seconds, long blockSeconds) {
        if (seconds.signum() == 0) {
            throw nonsense("it has no answer yet");
        }
        if (seconds.compareTo(BigInteger.valueOf(blockSeconds)) > 0) {
            throw nonsense("its answer is of a time after the newest block");
        }
        Duration age = Duration.ofSeconds(blockSeconds - seconds.longValueExact());
        if (age.compareTo(MAX_AGE) > 0) {
            throw nonsense("its answer is " + age.toHours() + " hours old, and holds for " + MAX_AGE.toHours());
        }
        return Instant.ofEpochSecond(seconds.longValueExact());
    }

    private static Fault nonsense(String what) {
        return new Fault(Fault.Consequence.RETRY_HERE, what);
    }
}
