package io.millrace.ops.cli;

import io.millrace.ops.settings.NodeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The profiles into which a gateway has its streams transcoded, and the most that it pays. */
final class BroadcastConfig {

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
    private final Prices prices;

    BroadcastConfig(NodeSettings settings, Prices prices) {
        this.settings = settings;
        this.prices = prices;
    }

    CliAnswer options() {
        return CliAnswer.json(PRESETS);
    }

    /** Without a price there is no limit on what is paid. Profiles from a file are named by that file. */
    CliAnswer get() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("MaxPrice", prices.max());
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
        Optional<CliAnswer> refusal = priced ? prices.setMax(price, unit, form.value("currency")) : Optional.empty();
        return refusal.or(() -> options.isEmpty() ? Optional.empty() : profiles(options)).orElseGet(CliAnswer::done);
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
