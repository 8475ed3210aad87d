package io.millrace.api.payment;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Rational;
import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/** What a currency is worth in wei, by a source outside of the node such as a contract of the chain. Thread-safe. */
@ConsumerType
public interface PriceFeed {

    /**
     * What the feed says now. It may ask the chain, and ends by its deadline. The caller keeps the last answer.
     *
     * @throws io.millrace.api.value.Fault when it cannot be read, or when it makes no sense: not above zero, too old,
     *     or of two currencies of which neither is ETH
     */
    Rate rate(Deadline deadline);

    /**
     * What a currency is worth.
     *
     * @param currency in capitals, such as USD
     * @param wei that one unit of it is worth, above zero
     * @param at when the source itself says that this became its answer
     */
    record Rate(String currency, Rational wei, Instant at) {}
}
