package io.millrace.api.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Rational;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says from outside of the node what an orchestrator asks of a gateway, instead of the configured prices. It is asked
 * where an offer is made, so that a gateway waits for it; its answers are kept for a minute. Thread-safe.
 */
@ConsumerType
public interface PriceSource {

    /**
     * The price of such a job for this gateway; for transcoding when the job is for no capability in particular.
     *
     * @return empty when the configured price counts
     * @throws io.millrace.api.value.Fault when no answer came in time, or one that makes no sense: the last answer counts
     *     then, else the configured price
     */
    Optional<Answer> price(Address gateway, JobSpec job, Deadline deadline);

    /** Whether it has what it needs to say prices. One that has not is as none; the call waits for nobody. */
    default boolean isConfigured() {
        return true;
    }

    /**
     * A price.
     *
     * @param perUnit of the currency, not negative; zero asks for nothing
     * @param currency such as WEI, ETH or USD
     */
    record Answer(Rational perUnit, String currency) {}
}
