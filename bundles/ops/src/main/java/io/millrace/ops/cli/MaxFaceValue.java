package io.millrace.ops.cli;

import io.millrace.ops.settings.NodeSettings;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code /setMaxFaceValue}: the most that a winning ticket pays an orchestrator. */
final class MaxFaceValue {

    private static final String PID = "io.millrace.kernel.orchestrator";
    private static final String KEY = "maxFaceValue";
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,100}");

    private final NodeSettings settings;

    MaxFaceValue(NodeSettings settings) {
        this.settings = settings;
    }

    CliAnswer set(Form form) {
        String wei = form.value("maxfacevalue");
        if (!NUMBER.matcher(wei).matches()) {
            return CliAnswer.wrong("maxfacevalue not set to number");
        }
        if (settings.value(PID, KEY).isEmpty()) {
            return CliAnswer.notYet("this node has no tickets and no face value");
        }
        return settings.set(PID, Map.of(KEY, wei))
                .map(CliAnswer::wrong)
                .orElseGet(() -> CliAnswer.text("ticket max face value set"));
    }
}
