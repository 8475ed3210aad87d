package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.value.Address;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.kernel.payment.OutsidePrices.Said;
import io.millrace.kernel.payment.PriceTable.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The prices of an orchestrator: what a price source outside says, else what is configured for the gateway and the work,
 * else what the pipeline of a model asks for, else what everybody pays (go-livepeer: core/orchestrator.go, priceInfo; it has no such source for work by model).
 * Unlike there, work by a model that has no price of its own costs what transcoding costs, also beside models that have.
 */
public final class PriceBook implements PriceList {

    private final Supplier<Configured> settings;
    private final OutsidePrices outside;
    private final Currencies currencies;
    private final Supplier<Map<Integer, Map<String, Price>>> pipelines;

    /**
     * What is configured.
     *
     * @param everybody what is asked of whoever and for whatever has no price of its own
     * @param others the prices of some gateways and of some work
     */
    public record Configured(CurrencyPrice everybody, PriceTable others) {

        /** Nothing is asked of anybody. */
        public static final Configured FREE = new Configured(CurrencyPrice.ZERO, PriceTable.EMPTY);
    }

    /** One model's work. */
    record Work(int capability, String model) {}

    /**
     * Prices as they are configured at each moment.
     *
     * @param pipelines what pipelines ask for their models, by capability and model, now
     */
    public PriceBook(
            Supplier<Configured> settings,
            OutsidePrices outside,
            Currencies currencies,
            Supplier<Map<Integer, Map<String, Price>>> pipelines) {
        this.settings = settings;
        this.outside = outside;
        this.currencies = currencies;
        this.pipelines = pipelines;
    }

    @Override
    public Listed price(Address sender, JobSpec spec) {
        return price(sender, spec, outside.ask(sender, spec));
    }

    @Override
    public Listed known(Address sender, JobSpec spec) {
        return price(sender, spec, outside.known(sender, spec));
    }

    private Listed price(Address sender, JobSpec spec, Optional<Said> said) {
        Set<String> reasons = new LinkedHashSet<>();
        Optional<String> trouble = said.flatMap(Said::trouble);
        if (said.flatMap(Said::price).isPresent()) {
            CurrencyPrice price = said.get().price().get();
            reasons.add("the price source says " + price + trouble.map(what -> ", as it said before: now " + what).orElse(""));
            Price wei = converted(price, reasons);
            return new Listed(wei, List.copyOf(reasons));
        }
        Price configured = configured(sender, spec, reasons);
        if (trouble.isPresent()) {
            if (configured.isFree()) {
                throw new Fault(
                        Consequence.RETRY_ELSEWHERE,
                        "the price source fails and pricePerUnit is no price to fall back on: " + trouble.get());
            }
            reasons.add("the configured price counts, since the price source fails: " + trouble.get());
        }
        return new Listed(configured, List.copyOf(reasons));
    }

    private Price configured(Address sender, JobSpec spec, Set<String> reasons) {
        List<Work> works = works(spec);
        if (works.isEmpty()) {
            return converted(everything(sender, reasons), reasons);
        }
        Rational sum = Rational.ZERO;
        for (Work work : works) {
            Configured now = settings.get();
            Optional<Subject> own = now.others().nearest(sender, work.capability(), work.model());
            Optional<Price> model = own.isPresent() ? Optional.empty() : ofPipeline(work);
            if (model.isPresent()) {
                reasons.add("the pipeline of " + work.model() + " asks for " + model.get());
                sum = sum.plus(model.get().perUnit());
                continue;
            }
            CurrencyPrice price = own.map(now.others().entries()::get).orElseGet(() -> everything(sender, reasons));
            own.ifPresent(subject -> reasons.add("prices has " + price + " for " + subject));
            sum = sum.plus(converted(price, reasons).perUnit());
        }
        return new Price(sum.numerator(), sum.denominator());
    }

    private Optional<Price> ofPipeline(Work work) {
        return Optional.ofNullable(
                pipelines.get().getOrDefault(work.capability(), Map.of()).get(work.model()));
    }

    private CurrencyPrice everything(Address sender, Set<String> reasons) {
        Configured now = settings.get();
        Optional<Subject> own = now.others().of(sender);
        CurrencyPrice price = own.map(now.others().entries()::get).orElse(now.everybody());
        reasons.add(own.map(subject -> "prices has " + price + " for " + subject).orElse("pricePerUnit is " + price));
        return price;
    }

    private Price converted(CurrencyPrice price, Set<String> reasons) {
        Price wei = currencies.price(price);
        currencies.explanation(price).ifPresent(reasons::add);
        return wei;
    }

    /** Whether the work is of no model. */
    public static boolean isTranscoding(JobSpec spec) {
        return works(spec).isEmpty();
    }

    /** Of which models the work is; empty for transcoding. */
    static List<Work> works(JobSpec spec) {
        if (spec.capability().isPresent()) {
            return List.of(new Work(spec.capability().getAsInt(), spec.model()));
        }
        List<Work> works = new ArrayList<>();
        spec.needs().map(Capabilities::models).orElse(Map.of()).forEach((capability, byModel) ->
                byModel.keySet().forEach(model -> works.add(new Work(capability, model))));
        return works;
    }

    @Override
    public Map<Integer, Map<String, Price>> prices(Address sender) {
        Map<Integer, Map<String, Price>> prices = new HashMap<>();
        PriceTable table = settings.get().others();
        pipelines.get().forEach((capability, byModel) -> byModel.forEach((model, price) -> {
            Optional<CurrencyPrice> own = table.nearest(sender, capability, model).map(table.entries()::get);
            if (own.isEmpty() || currencies.obstacle(own.get()).isEmpty()) {
                prices.computeIfAbsent(capability, any -> new HashMap<>())
                        .put(model, own.map(currencies::price).orElse(price));
            }
        }));
        for (Subject subject : table.entries().keySet()) {
            boolean theirs = subject.gateway().equals(Address.NONE) || subject.gateway().equals(sender);
            if (theirs && subject.capability().isPresent()) {
                int capability = subject.capability().getAsInt();
                CurrencyPrice price =
                        table.entries().get(table.nearest(sender, capability, subject.model()).orElse(subject));
                if (currencies.obstacle(price).isEmpty()) {
                    prices.computeIfAbsent(capability, any -> new HashMap<>())
                            .put(subject.model().isEmpty() ? "default" : subject.model(), currencies.price(price));
                }
            }
        }
        return prices;
    }

    /** Everything that is configured, for the operator. */
    public List<ConfiguredPrice> configured() {
        Configured now = settings.get();
        Map<Subject, CurrencyPrice> all = new LinkedHashMap<>();
        all.put(new Subject(Address.NONE, OptionalInt.empty(), ""), now.everybody());
        all.putAll(now.others().entries());
        return shown(all, currencies);
    }

    static List<ConfiguredPrice> shown(Map<Subject, CurrencyPrice> prices, Currencies currencies) {
        List<ConfiguredPrice> shown = new ArrayList<>();
        prices.forEach((subject, price) -> shown.add(new ConfiguredPrice(
                subject.gateway(),
                subject.capability(),
                subject.model(),
                price.toString(),
                currencies.obstacle(price).isPresent()
                        ? Optional.empty()
                        : Optional.of(currencies.price(price).perUnit()))));
        return shown;
    }

    @Override
    public Optional<String> obstacle() {
        return currencies.obstacle(settings.get().everybody());
    }

    /** What is not as it should be while there is a price for most, one line each. */
    public List<String> cautions() {
        List<String> cautions = new ArrayList<>(outside.caution().stream().toList());
        currencies.caution().ifPresent(cautions::add);
        settings.get().others().entries().values().stream()
                .flatMap(price -> currencies.obstacle(price).stream())
                .findFirst()
                .ifPresent(cautions::add);
        return cautions;
    }
}
