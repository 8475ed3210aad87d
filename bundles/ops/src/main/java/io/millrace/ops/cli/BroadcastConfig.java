package io.millrace.ops.cli;

import io.millrace.ops.settings.NodeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The profiles into which a gateway has its streams transcoded, and the most that it pays. */
final class BroadcastConfig {

    private static final String GATEWAY = "io.millrace.kernel.gateway";
    private static final String PRICE = "maxPricePerUnit";
    private static final String UNIT = "pixelsPerUnit";
    private static final String PID = "io.millrace.media";
    private static final String PROFILES = "profiles";

    /** The network's named profiles; the gateway's media bundle knows what they mean. */
    private static final List<String> PRESETS = List.of(
            "P720p60fps16x9",
            "P720p30fps16x9",
            "P720p25fps16x9",
            "P720p30fps4x3",
            "P576p30fps16x9",
            "P576p25fps16x9",
            "P360p30fps16x9",
            "P360p25fps16x9",
            "P360p30fps4x3",
            "P240p30fps16x9",
            "P240p25fps16x9",
            "P240p30fps4x3",
            "P144p30fps16x9");

    private final NodeSettings settings;

    BroadcastConfig(NodeSettings settings) {
        this.settings = settings;
    }

    CliAnswer options() {
        return CliAnswer.json(PRESETS);
    }

    /** Without a price there is no limit on what is paid. Profiles from a file are named by that file. */
    CliAnswer get() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("MaxPrice", maxPrice());
        config.put("TranscodingOptions", settings.value(PID, PROFILES).orElse(""));
        return CliAnswer.json(config);
    }

    CliAnswer set(Form form) {
        String price = form.value(PRICE);
        String unit = form.value(UNIT);
        String options = form.value("transcodingOptions");
        boolean priced = !price.isEmpty() && !unit.isEmpty();
        if (!priced && options.isEmpty()) {
            return CliAnswer.wrong("missing form params (maxPricePerUnit AND pixelsPerUnit) or transcodingOptions");
        }
        Optional<CliAnswer> refusal = priced ? maxPrice(price, unit, form.value("currency")) : Optional.empty();
        return refusal.or(() -> options.isEmpty() ? Optional.empty() : profiles(options)).orElseGet(CliAnswer::done);
    }

    /** Zero takes a limit away, and there is none. */
    private Optional<CliAnswer> maxPrice(String price, String unit, String currency) {
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
        boolean known = settings.value(GATEWAY, PRICE).isPresent();
        if (paid.get().sign() <= 0) {
            return known ? settings.set(GATEWAY, Map.of(PRICE, "0")).map(CliAnswer::wrong) : Optional.empty();
        }
        Optional<Ratio> wei = Ratio.wei(currency);
        if (wei.isEmpty()) {
            return Optional.of(CliAnswer.wrong(Ratio.NO_CURRENCY));
        }
        if (!known) {
            return Optional.of(CliAnswer.wrong("this node is no gateway and has no maximum price"));
        }
        Ratio ofPixel = paid.get().times(wei.get()).by(pixels.get());
        return settings.set(GATEWAY, Map.of(PRICE, ofPixel.over().toString(), UNIT, ofPixel.under().toString()))
                .map(CliAnswer::wrong);
    }

    /** Of a pixel, in wei. */
    private Optional<Ratio> maxPrice() {
        Optional<Ratio> price = settings.value(GATEWAY, PRICE).flatMap(Ratio::parse).filter(wei -> wei.sign() > 0);
        Optional<Ratio> unit = settings.value(GATEWAY, UNIT).flatMap(Ratio::parse).filter(pixels -> pixels.sign() > 0);
        return price.flatMap(wei -> unit.map(wei::by));
    }

    private Optional<CliAnswer> profiles(String options) {
        List<String> known = Stream.of(options.split(",")).filter(PRESETS::contains).toList();
        if (known.isEmpty()) {
            return Optional.of(CliAnswer.wrong("invalid transcoding options: " + options));
        }
        if (settings.value(PID, PROFILES).isEmpty()) {
            return Optional.of(CliAnswer.wrong("this node is no gateway and has no transcoding options"));
        }
        return settings.set(PID, Map.of(PROFILES, String.join(",", known))).map(CliAnswer::wrong);
    }
}
