package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Address;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Price;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an orchestrator's operator asks for, now. Thread-safe. */
public interface PriceList {

    /**
     * A price, and why it is that.
     *
     * @param price {@link Price#ZERO} when the work is free
     * @param reasons a sentence each
     */
    record Listed(Price price, List<String> reasons) {}

    /**
     * The price of such a job for this sender. Somebody outside of the node may be asked.
     *
     * @throws Fault when it is not known now, which is never the same as free
     */
    Listed price(Address sender, JobSpec spec);

    /**
     * The same from what is known already: nobody is asked, so that it is for senders who may be anybody.
     *
     * @throws Fault when it is not known now
     */
    Listed known(Address sender, JobSpec spec);

    /** What keeps most work from having a price now, in words; empty when nothing does. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** The prices of everything that has one of its own, by capability and model; those that are not known left out. */
    Map<Integer, Map<String, Price>> prices(Address sender);
}
