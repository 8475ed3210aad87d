package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Address;
import io.millrace.api.value.Price;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The same price for everybody and for all work.
 *
 * @param price the price now
 */
public record OnePrice(Supplier<Price> price) implements PriceList {

    @Override
    public Price price(Address sender, JobSpec spec) {
        return price.get();
    }

    @Override
    public Map<Integer, Map<String, Price>> prices(Address sender) {
        return Map.of();
    }
}
