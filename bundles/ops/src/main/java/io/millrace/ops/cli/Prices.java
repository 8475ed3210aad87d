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

    /** Price of a pixel in wei, by the gateway's address; empty when nothing is asked. */
    Map<String, String> base() {
        Optional<Ratio> price = settings.value(PID, PRICE).flatMap(Ratio::parse).filter(wei -> wei.sign() > 0);
        Optional<Ratio> unit = settings.value(PID, UNIT).flatMap(Ratio::parse).filter(pixels -> pixels.sign() > 0);
        return price.flatMap(wei -> unit.map(wei::by))
                .map(ratio -> Map.of(EVERYBODY, ratio.toString()))
                .orElse(Map.of());
    }

    CliAnswer set(Form form) {
        String gateway = form.value("broadcasterEthAddr");
        String price = form.value(PRICE);
        String unit = form.value(UNIT);
        Optional<Ratio> paid = Ratio.parse(price);
        Optional<Ratio> pixels = Ratio.parse(unit);
        Optional<Ratio> wei = Ratio.wei(form.value("currency"));
        if (!GATEWAY.matcher(gateway).matches()) {
            return CliAnswer.wrong("broadcasterEthAddr is not a valid eth address, provided " + gateway);
        }
        if (paid.isEmpty()) {
            return CliAnswer.wrong("error parsing pricePerUnit value: " + price);
        }
        if (paid.get().sign() < 0) {
            return CliAnswer.wrong("price unit must be greater than or equal to 0, provided " + price);
        }
        if (pixels.isEmpty()) {
            return CliAnswer.wrong("error parsing pixelsPerUnit value: " + unit);
        }
        if (pixels.get().sign() <= 0) {
            return CliAnswer.wrong("pixels per unit must be greater than 0, provided " + unit);
        }
        if (wei.isEmpty()) {
            return CliAnswer.wrong(Ratio.NO_CURRENCY);
        }
        if (!gateway.equals(EVERYBODY)) {
            return CliAnswer.notYet(
                    "a price for one gateway does not exist yet; broadcasterEthAddr=default sets that of all");
        }
        return set(paid.get().times(wei.get()).by(pixels.get()))
                .orElseGet(() -> CliAnswer.text("Price per pixel set to " + price + " wei for " + unit
                        + " pixels for broadcaster " + gateway + "\n"));
    }

    private Optional<CliAnswer> set(Ratio ratio) {
        if (settings.value(PID, PRICE).isEmpty()) {
            return Optional.of(CliAnswer.notYet("this node is no orchestrator and has no price"));
        }
        return settings.set(PID, Map.of(PRICE, ratio.over().toString(), UNIT, ratio.under().toString()))
                .map(CliAnswer::wrong);
    }
}
