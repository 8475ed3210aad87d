package io.millrace.ops.cli;

import io.millrace.ops.settings.NodeSettings;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The prices that an orchestrator asks of gateways. */
final class Prices {

    private static final String PID = "io.millrace.kernel.orchestrator";
    private static final String PRICE = "pricePerUnit";
    private static final String UNIT = "pixelsPerUnit";
    private static final String EVERYBODY = "default";
    private static final Pattern GATEWAY = Pattern.compile("0x[0-9a-fA-F]{40}|" + EVERYBODY);

    private final NodeSettings settings;

    Prices(NodeSettings settings) {
        this.settings = settings;
    }

    /** What all gateways pay for a pixel, in wei. */
    record Price(Ratio ofPixel) {}

    /** The price that a form names, or why it names none. */
    record Reading(Optional<Price> price, Optional<String> problem) {}

    /** Price of a pixel in wei, by the gateway's address; empty when nothing is asked. */
    Map<String, String> base() {
        return ofEverybody().map(price -> Map.of(EVERYBODY, price)).orElse(Map.of());
    }

    /** Price of a pixel in wei that is asked of all; empty when nothing is asked. */
    Optional<String> ofEverybody() {
        Optional<Ratio> price = settings.value(PID, PRICE).flatMap(Ratio::parse).filter(wei -> wei.sign() > 0);
        Optional<Ratio> unit = settings.value(PID, UNIT).flatMap(Ratio::parse).filter(pixels -> pixels.sign() > 0);
        return price.flatMap(wei -> unit.map(wei::by)).map(Ratio::toString);
    }

    CliAnswer set(Form form) {
        String gateway = form.value("broadcasterEthAddr");
        if (!GATEWAY.matcher(gateway).matches()) {
            return CliAnswer.wrong("broadcasterEthAddr is not a valid eth address, provided " + gateway);
        }
        Reading reading = read(form);
        if (reading.problem().isPresent()) {
            return CliAnswer.wrong(reading.problem().get());
        }
        if (!gateway.equals(EVERYBODY)) {
            return CliAnswer.notYet(
                    "a price for one gateway does not exist yet; broadcasterEthAddr=default sets that of all");
        }
        return set(reading.price().orElseThrow())
                .orElseGet(() -> CliAnswer.text("Price per pixel set to " + form.value(PRICE) + " wei for "
                        + form.value(UNIT) + " pixels for broadcaster " + gateway + "\n"));
    }

    /** Reads pricePerUnit, pixelsPerUnit and currency. */
    static Reading read(Form form) {
        String price = form.value(PRICE);
        String unit = form.value(UNIT);
        Optional<Ratio> paid = Ratio.parse(price);
        Optional<Ratio> pixels = Ratio.parse(unit);
        Optional<Ratio> wei = Ratio.wei(form.value("currency"));
        if (paid.isEmpty()) {
            return problem("error parsing pricePerUnit value: " + price);
        }
        if (paid.get().sign() < 0) {
            return problem("price unit must be greater than or equal to 0, provided " + price);
        }
        if (pixels.isEmpty()) {
            return problem("error parsing pixelsPerUnit value: " + unit);
        }
        if (pixels.get().sign() <= 0) {
            return problem("pixels per unit must be greater than 0, provided " + unit);
        }
        if (wei.isEmpty()) {
            return problem(Ratio.NO_CURRENCY);
        }
        return new Reading(Optional.of(new Price(paid.get().times(wei.get()).by(pixels.get()))), Optional.empty());
    }

    private static Reading problem(String problem) {
        return new Reading(Optional.empty(), Optional.of(problem));
    }

    /** Sets what is asked of all gateways; an answer when that is refused. */
    Optional<CliAnswer> set(Price price) {
        if (settings.value(PID, PRICE).isEmpty()) {
            return Optional.of(CliAnswer.notYet("this node is no orchestrator and has no price"));
        }
        Ratio ratio = price.ofPixel();
        return settings.set(PID, Map.of(PRICE, ratio.over().toString(), UNIT, ratio.under().toString()))
                .map(CliAnswer::wrong);
    }
}
