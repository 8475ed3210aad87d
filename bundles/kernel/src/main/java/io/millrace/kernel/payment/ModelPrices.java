package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Address;
import io.millrace.api.value.Price;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The prices of a book, and for models that have none there, those that their pipelines ask for.
 *
 * @param book what the operator configured
 * @param own prices of pipelines by capability and model, now
 */
public record ModelPrices(PriceList book, Supplier<Map<Integer, Map<String, Price>>> own) implements PriceList {

    @Override
    public Listed price(Address sender, JobSpec spec) {
        return own(sender, spec).orElseGet(() -> book.price(sender, spec));
    }

    @Override
    public Listed known(Address sender, JobSpec spec) {
        return own(sender, spec).orElseGet(() -> book.known(sender, spec));
    }

    private Optional<Listed> own(Address sender, JobSpec spec) {
        if (spec.capability().isEmpty() || of(book.prices(sender), spec).isPresent()) {
            return Optional.empty();
        }
        return of(own.get(), spec)
                .map(price -> new Listed(price, List.of("the pipeline of " + spec.model() + " asks for " + price)));
    }

    private static Optional<Price> of(Map<Integer, Map<String, Price>> prices, JobSpec spec) {
        return Optional.ofNullable(
                prices.getOrDefault(spec.capability().getAsInt(), Map.of()).get(spec.model()));
    }

    @Override
    public Optional<String> obstacle() {
        return book.obstacle();
    }

    @Override
    public Map<Integer, Map<String, Price>> prices(Address sender) {
        Map<Integer, Map<String, Price>> all = new HashMap<>();
        own.get().forEach((capability, byModel) -> all.put(capability, new HashMap<>(byModel)));
        book.prices(sender).forEach((capability, byModel) ->
                all.computeIfAbsent(capability, key -> new HashMap<>()).putAll(byModel));
        return all;
    }
}
