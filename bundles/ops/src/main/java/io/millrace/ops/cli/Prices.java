package io.millrace.ops.cli;

import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.value.Address;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.ops.settings.NodeSettings;
import io.millrace.ops.status.NodeView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The prices that an orchestrator asks, and the most that a gateway pays. */
final class Prices {

    private static final String ORCHESTRATOR = "io.millrace.kernel.orchestrator";
    private static final String GATEWAY = "io.millrace.kernel.gateway";
    private static final String PRICE = "pricePerUnit";
    private static final String MAX_PRICE = "maxPricePerUnit";
    private static final String UNIT = "pixelsPerUnit";
    private static final String EVERYBODY = "default";
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}|" + EVERYBODY);
    private static final Pattern MODEL = Pattern.compile("[^,=\\s]{1,200}");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final NodeSettings settings;
    private final NodeView node;
    private final Supplier<Optional<PriceFeed>> feed;

    /** Without a price feed, only wei and ETH are known. */
    Prices(NodeSettings settings, NodeView node, Supplier<Optional<PriceFeed>> feed) {
        this.settings = settings;
        this.node = node;
        this.feed = feed;
    }

    /** What a unit costs, in wei or in another currency. */
    record Price(Ratio ofUnit, String currency) {

        /** As the node's settings have it. */
        @Override
        public String toString() {
            return ofUnit.over() + currency + "/" + ofUnit.under();
        }
    }

    /** The price that a form names, or why it names none. */
    record Reading(Optional<Price> price, Optional<String> problem) {

        private static Reading no(String problem) {
            return new Reading(Optional.empty(), Optional.of(problem));
        }
    }

    /** Price of a unit in wei now, by the gateway's address; that of everybody only when something is asked. */
    Map<String, String> base() {
        Map<String, String> base = new LinkedHashMap<>();
        for (ConfiguredPrice price : configured(NodeControl::prices)) {
            boolean everybody = price.gateway().equals(Address.NONE);
            if (price.capability().isEmpty()) {
                price.perUnit().filter(wei -> !everybody || wei.signum() > 0).ifPresent(wei ->
                        base.put(everybody ? EVERYBODY : price.gateway().toString(), wei.toString()));
            }
        }
        return base;
    }

    /** Price of a unit in wei that is asked of all; empty when nothing is asked. */
    Optional<String> ofEverybody() {
        return Optional.ofNullable(base().get(EVERYBODY));
    }

    /** The most that is paid for a unit of whatever has no maximum of its own, in wei; empty for any price. */
    Optional<String> max() {
        return configured(NodeControl::maxPrices).stream()
                .filter(price -> price.capability().isEmpty())
                .findFirst()
                .flatMap(ConfiguredPrice::perUnit)
                .map(Object::toString);
    }

    private List<ConfiguredPrice> configured(Function<NodeControl, List<ConfiguredPrice>> which) {
        return node.control().map(which).orElse(List.of());
    }

    CliAnswer set(Form form) {
        String gateway = form.value("broadcasterEthAddr");
        if (!ADDRESS.matcher(gateway).matches()) {
            return CliAnswer.wrong("broadcasterEthAddr is not a valid eth address, provided " + gateway);
        }
        Reading reading = read(form);
        if (reading.problem().isPresent()) {
            return CliAnswer.wrong(reading.problem().get());
        }
        Price price = reading.price().orElseThrow();
        Optional<CliAnswer> refusal = gateway.equals(EVERYBODY)
                ? set(price)
                : replace(ORCHESTRATOR, "prices", gateway.toLowerCase(Locale.ROOT), price);
        return refusal.orElseGet(() -> CliAnswer.text("Price per pixel set to " + form.value(PRICE) + " wei for "
                + form.value(UNIT) + " pixels for broadcaster " + gateway + "\n"));
    }

    /** Reads pricePerUnit, pixelsPerUnit and currency. */
    Reading read(Form form) {
        String price = form.value(PRICE);
        String unit = form.value(UNIT);
        Optional<Ratio> paid = Ratio.parse(price);
        if (paid.isEmpty()) {
            return Reading.no("error parsing pricePerUnit value: " + price);
        }
        if (paid.get().sign() < 0) {
            return Reading.no("price unit must be greater than or equal to 0, provided " + price);
        }
        Optional<Ratio> pixels = Ratio.parse(unit);
        if (pixels.isEmpty()) {
            return Reading.no("error parsing pixelsPerUnit value: " + unit);
        }
        if (pixels.get().sign() <= 0) {
            return Reading.no("pixels per unit must be greater than 0, provided " + unit);
        }
        return read(paid.get().by(pixels.get()), form.value("currency"));
    }

    private Reading read(Ratio ofUnit, String currency) {
        Optional<Ratio> wei = Ratio.wei(currency);
        if (wei.isPresent()) {
            return new Reading(Optional.of(new Price(ofUnit.times(wei.get()), "")), Optional.empty());
        }
        return unknown(currency)
                .map(why -> Reading.no("error converting price: " + why))
                .orElseGet(() -> new Reading(
                        Optional.of(new Price(ofUnit, currency.toUpperCase(Locale.ROOT))), Optional.empty()));
    }

    /** Why a currency cannot be converted; empty when it can. */
    private Optional<String> unknown(String currency) {
        if (feed.get().isEmpty()) {
            return Optional.of("PriceFeedWatcher is not initialized");
        }
        try {
            String known = feed.get().get().rate(Deadline.in(PATIENCE, InstantSource.system())).currency();
            return known.equalsIgnoreCase(currency)
                    ? Optional.empty()
                    : Optional.of("price feed does not have " + currency.toUpperCase(Locale.ROOT)
                            + " as a currency (ETH/" + known + ")");
        } catch (Fault e) {
            return Optional.of("error getting current price data: " + e.getMessage());
        }
    }

    /** Sets what is asked of all gateways; an answer when that is refused. */
    Optional<CliAnswer> set(Price price) {
        if (settings.value(ORCHESTRATOR, PRICE).isEmpty()) {
            return Optional.of(CliAnswer.notYet("this node is no orchestrator and has no price"));
        }
        return change(ORCHESTRATOR, PRICE, price);
    }

    /** The form of /setBroadcastConfig: the most that a gateway pays. Zero takes a limit away, and there may be none. */
    Optional<CliAnswer> setMax(String price, String unit, String currency) {
        Optional<Ratio> paid = Ratio.parse(price);
        if (paid.isEmpty()) {
            return Optional.of(CliAnswer.wrong("Error parsing pricePerUnit value: " + price));
        }
        Optional<Ratio> pixels = Ratio.parse(unit);
        if (pixels.isEmpty()) {
            return Optional.of(CliAnswer.wrong("Error parsing pixelsPerUnit value: " + unit));
        }
        if (pixels.get().sign() <= 0) {
            return Optional.of(CliAnswer.wrong("pixels per unit must be greater than 0, provided " + unit));
        }
        boolean known = settings.value(GATEWAY, MAX_PRICE).isPresent();
        if (paid.get().sign() <= 0) {
            return known ? settings.set(GATEWAY, Map.of(MAX_PRICE, "0")).map(CliAnswer::wrong) : Optional.empty();
        }
        Reading reading = read(paid.get().by(pixels.get()), currency);
        if (reading.problem().isPresent()) {
            return reading.problem().map(CliAnswer::wrong);
        }
        return known
                ? change(GATEWAY, MAX_PRICE, reading.price().orElseThrow())
                : Optional.of(CliAnswer.wrong("this node is no gateway and has no maximum price"));
    }

    CliAnswer setMaxForCapability(Form form) {
        String pipeline = form.value("pipeline");
        String model = form.value("modelID");
        if (pipeline.isEmpty() || model.isEmpty()) {
            return CliAnswer.wrong("pipeline and modelID must be set");
        }
        OptionalInt capability = Capability.ofPipeline(pipeline);
        if (capability.isEmpty()) {
            return CliAnswer.wrong("pipeline not supported");
        }
        if (!MODEL.matcher(model).matches()) {
            return CliAnswer.wrong("modelID is no name of a model: it has no comma, no = and no space");
        }
        String price = form.value(MAX_PRICE);
        Optional<Ratio> paid = Ratio.parse(price);
        if (paid.isEmpty()) {
            return CliAnswer.wrong("Error parsing pricePerUnit value: " + price);
        }
        Optional<Ratio> pixels = Ratio.parse(form.value(UNIT));
        if (pixels.isEmpty()) {
            return CliAnswer.wrong("Error parsing pixelsPerUnit value: " + form.value(UNIT));
        }
        if (pixels.get().sign() <= 0) {
            return CliAnswer.wrong("pixels per unit must be greater than 0, provided " + form.value(UNIT));
        }
        if (paid.get().sign() <= 0) {
            return CliAnswer.wrong("pricePerPixel needs to be > 0: " + paid.get().by(pixels.get()).decimal());
        }
        Reading reading = read(paid.get().by(pixels.get()), form.value("currency"));
        if (reading.problem().isPresent()) {
            return CliAnswer.wrong(reading.problem().get());
        }
        String subject = pipeline + (model.equals(EVERYBODY) ? "" : "/" + model);
        return replace(GATEWAY, "maxPrices", subject, reading.price().orElseThrow()).orElseGet(CliAnswer::done);
    }

    /** Terms that the setting for the unit cannot hold stay with the price. */
    private Optional<CliAnswer> change(String pid, String key, Price price) {
        boolean small = price.ofUnit().under().bitLength() < Long.SIZE;
        return settings.set(
                        pid,
                        small
                                ? Map.of(key, price.ofUnit().over() + price.currency(),
                                        UNIT, price.ofUnit().under().toString())
                                : Map.of(key, price.toString(), UNIT, "1"))
                .map(CliAnswer::wrong);
    }

    /** Sets one line of a list of prices; the others stay. */
    private Optional<CliAnswer> replace(String pid, String key, String subject, Price price) {
        Optional<String> list = settings.value(pid, key);
        if (list.isEmpty()) {
            return Optional.of(CliAnswer.notYet("this node has no setting " + pid + "." + key));
        }
        List<String> lines = new ArrayList<>();
        for (String line : list.get().split(",")) {
            String before = line.substring(0, Math.max(0, line.lastIndexOf('='))).strip();
            boolean same = before.startsWith("0x") ? before.equalsIgnoreCase(subject) : before.equals(subject);
            if (!line.isBlank() && !same) {
                lines.add(line.strip());
            }
        }
        lines.add(subject + "=" + price);
        return settings.set(pid, Map.of(key, String.join(",", lines))).map(CliAnswer::wrong);
    }
}
