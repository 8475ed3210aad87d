package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Address;
import io.millrace.api.value.Price;
import java.util.Map;

/** What an orchestrator's operator asks for, now. Thread-safe. */
public interface PriceList {

    /** The price of such a job for this sender; {@link Price#ZERO} when it is free. */
    Price price(Address sender, JobSpec spec);

    /** The prices of everything that has one of its own, by capability and model. */
    Map<Integer, Map<String, Price>> prices(Address sender);
}
