package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.value.Address;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.kernel.payment.PriceBook.Work;
import io.millrace.kernel.payment.PriceTable.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The most that a gateway pays (go-livepeer: server/broadcast.go, GetCapabilitiesMaxPrice). Thread-safe. */
public final class MaxPrices {

    private final Supplier<Configured> settings;
    private final Currencies currencies;

    /**
     * What is configured.
     *
     * @param everything for whatever has no maximum of its own; zero for any price
     * @param others for some work
     */
    public record Configured(CurrencyPrice everything, PriceTable others) {

        /** Any price is paid. */
        public static final Configured ANY = new Configured(CurrencyPrice.ZERO, PriceTable.EMPTY);
    }

    /** Limits as they are configured at each moment. */
    public MaxPrices(Supplier<Configured> settings, Currencies currencies) {
        this.settings = settings;
        this.currencies = currencies;
    }

    /**
     * The most that is paid for a unit of such a job; empty for any price.
     *
     * @throws Fault when it is not known in wei, which is never the same as any price
     */
    public Optional<Price> most(JobSpec spec) {
        Configured now = settings.get();
        List<Work> works = PriceBook.works(spec);
        if (works.isEmpty()) {
            return most(now.everything());
        }
        Rational sum = Rational.ZERO;
        for (Work work : works) {
            Optional<Price> one = most(now.others()
                    .nearest(Address.NONE, work.capability(), work.model())
                    .map(now.others().entries()::get)
                    .orElse(now.everything()));
            if (one.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.plus(one.get().perUnit());
        }
        return Optional.of(new Price(sum.numerator(), sum.denominator()));
    }

    private Optional<Price> most(CurrencyPrice price) {
        return price.isFree() ? Optional.empty() : Optional.of(currencies.price(price));
    }

    /** Everything that is configured, for the operator. */
    public List<ConfiguredPrice> configured() {
        Configured now = settings.get();
        Map<Subject, CurrencyPrice> all = new LinkedHashMap<>();
        if (!now.everything().isFree()) {
            all.put(new Subject(Address.NONE, OptionalInt.empty(), ""), now.everything());
        }
        all.putAll(now.others().entries());
        return PriceBook.shown(all, currencies);
    }

    /** What keeps a maximum from being known, and what is wrong with one that is, one line each. */
    public List<String> cautions() {
        Configured now = settings.get();
        List<CurrencyPrice> foreign = Stream.concat(
                        Stream.of(now.everything()), now.others().entries().values().stream())
                .filter(CurrencyPrice::needsFeed)
                .toList();
        Optional<String> unknown = foreign.stream()
                .flatMap(price -> currencies.obstacle(price).stream())
                .findFirst();
        return (unknown.isPresent() || foreign.isEmpty() ? unknown : currencies.caution()).stream().toList();
    }
}
