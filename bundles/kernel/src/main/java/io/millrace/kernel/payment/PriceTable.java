package io.millrace.kernel.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prices of an operator for some gateways and some work, each as {@code [ADDRESS][/][PIPELINE[/MODEL]]=PRICE}:
 * {@code 0x…=7}, {@code text-to-image/a/model=0.5USD/1000000}, {@code 0x…/text-to-image=3}.
 *
 * @param entries in the order in which they were written
 */
public record PriceTable(Map<Subject, CurrencyPrice> entries) {

    /** No prices. */
    public static final PriceTable EMPTY = new PriceTable(Map.of());

    private static final int MOST = 10_000;
    private static final Pattern GATEWAY = Pattern.compile("0x([0-9a-fA-F]{40})(?:/(.+))?");

    /**
     * Whom and what a price is for.
     *
     * @param gateway {@link Address#NONE} for everybody
     * @param capability empty for whatever has no price of its own
     * @param model empty for all models of the capability
     */
    public record Subject(Address gateway, OptionalInt capability, String model) {

        @Override
        public String toString() {
            String work = capability.isPresent()
                    ? Capability.pipeline(capability.getAsInt()).orElse("capability " + capability.getAsInt())
                            + (model.isEmpty() ? "" : "/" + model)
                    : "";
            String who = gateway.equals(Address.NONE) ? "" : gateway.toString();
            return who + (who.isEmpty() || work.isEmpty() ? "" : "/") + work;
        }
    }

    /**
     * Reads the lines of a setting.
     *
     * @throws IllegalArgumentException that names the setting and the line that is wrong
     */
    public static PriceTable parse(String key, String[] lines) {
        Map<Subject, CurrencyPrice> entries = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.lastIndexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(key + " has " + line
                        + ": give ADDRESS=PRICE, PIPELINE/MODEL=PRICE or ADDRESS/PIPELINE/MODEL=PRICE");
            }
            Subject subject = subject(key, line.substring(0, equals).strip());
            CurrencyPrice price = CurrencyPrice.parse(key + " of " + subject, line.substring(equals + 1));
            if (entries.putIfAbsent(subject, price) != null) {
                throw new IllegalArgumentException(key + " has two prices for " + subject);
            }
        }
        if (entries.size() > MOST) {
            throw new IllegalArgumentException(key + " has more than " + MOST + " prices");
        }
        return new PriceTable(entries);
    }

    private static Subject subject(String key, String text) {
        Matcher gateway = GATEWAY.matcher(text);
        Address who = gateway.matches() ? new Address(Bytes.hex(gateway.group(1))) : Address.NONE;
        String work = gateway.matches() ? Optional.ofNullable(gateway.group(2)).orElse("") : text;
        if (work.isEmpty()) {
            if (who.equals(Address.NONE)) {
                throw new IllegalArgumentException(key + " has a price for nobody: " + text
                        + "; what everybody pays is pricePerUnit");
            }
            return new Subject(who, OptionalInt.empty(), "");
        }
        int slash = work.indexOf('/');
        String pipeline = slash < 0 ? work : work.substring(0, slash);
        OptionalInt capability = Capability.ofPipeline(pipeline);
        if (capability.isEmpty()) {
            throw new IllegalArgumentException(key + " names " + pipeline
                    + ", which is neither an address nor a pipeline such as text-to-image or byoc");
        }
        return new Subject(who, capability, slash < 0 ? "" : work.substring(slash + 1));
    }

    /** The price that is nearest to this work: of the model, else of its capability; that of the gateway first. */
    Optional<Subject> nearest(Address gateway, int capability, String model) {
        OptionalInt work = OptionalInt.of(capability);
        List<Subject> wanted = new ArrayList<>();
        if (!gateway.equals(Address.NONE)) {
            wanted.add(new Subject(gateway, work, model));
            wanted.add(new Subject(gateway, work, ""));
        }
        wanted.add(new Subject(Address.NONE, work, model));
        wanted.add(new Subject(Address.NONE, work, ""));
        return wanted.stream().filter(entries::containsKey).findFirst();
    }

    /** The price that a gateway has for whatever has none of its own. */
    Optional<Subject> of(Address gateway) {
        return Optional.of(new Subject(gateway, OptionalInt.empty(), "")).filter(entries::containsKey);
    }
}
