package io.millrace.kernel.payment;

import io.millrace.api.node.NodeEvents;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.payment.PriceFeed.Rate;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What prices in other currencies are in wei. The price feed is read only where there is such a price, and its last good
 * answer holds until the next one; before the first there is no price, which is not the price 0. Thread-safe.
 */
public class Currencies {

    private static final Rational WEI_PER_ETH = Rational.of(BigInteger.TEN.pow(18));
    private static final Duration BETWEEN_READS = Duration.ofSeconds(30);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Leased<PriceFeed> feeds;
    private final Foreign calls;
    private final InstantSource clock;
    private volatile Optional<Rate> known = Optional.empty();
    private volatile Optional<String> trouble = Optional.of("it has not been read yet");
    private volatile boolean wanted;
    private volatile Instant next = Instant.MIN;

    /** Reads the best of these feeds. */
    public Currencies(Leased<PriceFeed> feeds, NodeEvents events, InstantSource clock) {
        this.feeds = feeds;
        this.calls = new Foreign("price feed", events);
        this.clock = clock;
    }

    /**
     * A price in wei.
     *
     * @throws Fault when the worth of its currency was never read
     */
    Price price(CurrencyPrice price) {
        Rational perUnit = price.perUnit().times(worth(price));
        return new Price(perUnit.numerator(), perUnit.denominator());
    }

    private Rational worth(CurrencyPrice price) {
        if (!price.needsFeed()) {
            return price.currency().equals(CurrencyPrice.ETH) ? WEI_PER_ETH : Rational.of(1, 1);
        }
        wanted = true;
        return known.filter(rate -> rate.currency().equals(price.currency()))
                .map(Rate::wei)
                .orElseThrow(() -> new Fault(Consequence.RETRY_ELSEWHERE, unknown(price)));
    }

    private String unknown(CurrencyPrice price) {
        String why = known.map(rate -> "the price feed is of " + rate.currency()).orElse(
                "the price feed cannot be read: " + trouble.orElse("it has not been read yet"));
        return "what the price " + price + " is in wei is not known: " + why;
    }

    /** By what a price is converted, in a sentence; empty where it is in wei or ETH. */
    Optional<String> explanation(CurrencyPrice price) {
        return price.needsFeed()
                ? known.map(rate -> "one " + rate.currency() + " is worth " + rate.wei().floor()
                        + " wei by the price feed, as of " + rate.at())
                : Optional.empty();
    }

    /** What keeps a price from being known in wei; empty when nothing does. */
    public Optional<String> obstacle(CurrencyPrice price) {
        try {
            worth(price);
            return Optional.empty();
        } catch (Fault e) {
            return Optional.of(e.getMessage());
        }
    }

    /** What is wrong with the feed while its last good answer still holds; empty where no price needs it. */
    public Optional<String> caution() {
        return wanted && known.isPresent()
                ? trouble.map(what -> "prices in " + known.get().currency() + " are those of " + known.get().at()
                        + ", since the price feed cannot be read: " + what)
                : Optional.empty();
    }

    /** Reads the feed where that is due and there is a price that needs it. To be called about once a second, by one thread. */
    public void look() {
        Instant now = clock.instant();
        if (!wanted || now.isBefore(next)) {
            return;
        }
        try {
            Rate rate = read();
            // Behind a balancer of load, one node of the chain may be behind another.
            if (known.filter(last -> last.currency().equals(rate.currency()) && last.at().isAfter(rate.at())).isEmpty()) {
                known = Optional.of(rate);
            }
            trouble = Optional.empty();
            next = now.plus(BETWEEN_READS);
        } catch (RuntimeException e) {
            trouble = Optional.of(String.valueOf(e.getMessage()));
            next = now.plus(AFTER_FAILURE);
        }
    }

    /** Another feed is there: it is read at once. */
    void lookAgain() {
        next = Instant.MIN;
    }

    private Rate read() {
        record Answer(Rate rate, Fault fault) {}
        Optional<Lease<PriceFeed>> feed = feeds.takeNow(any -> true);
        if (feed.isEmpty()) {
            throw new Fault(Consequence.RETRY_HERE, "there is no price feed: configure io.millrace.arbitrum");
        }
        Answer answer;
        try (Lease<PriceFeed> lease = feed.get()) {
            answer = calls.call(lease, PATIENCE, source -> {
                try {
                    return new Answer(source.rate(Deadline.in(PATIENCE, clock)), null);
                } catch (Fault e) {
                    return new Answer(null, e);
                }
            });
        }
        if (answer.fault() != null) {
            throw answer.fault();
        }
        if (answer.rate().wei().signum() <= 0) {
            throw new Fault(Consequence.RETRY_HERE, "it says that its currency is worth nothing");
        }
        return answer.rate();
    }
}
