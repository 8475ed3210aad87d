package io.millrace.ops.cli;

import io.millrace.ops.settings.NodeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /setMaxSessions}: streams of a gateway, sessions of an orchestrator. */
final class MaxSessions {

    private static final String KEY = "maxSessions";

    private final NodeSettings settings;
    private final Supplier<Roles> roles;

    MaxSessions(NodeSettings settings, Supplier<Roles> roles) {
        this.settings = settings;
        this.roles = roles;
    }

    CliAnswer set(Form form) {
        String text = form.value(KEY);
        if (text.equals("auto")) {
            return CliAnswer.notYet("maxSessions=auto counts standalone transcoders, which do not exist yet; give a number");
        }
        long most;
        try {
            most = WholeNumbers.parse(text);
        } catch (NumberFormatException e) {
            return CliAnswer.wrong(e.getMessage());
        }
        if (most <= 0) {
            return CliAnswer.wrong("Max Sessions must be 'auto' or greater than zero");
        }
        for (String pid : pids()) {
            Optional<String> refusal = settings.set(pid, Map.of(KEY, Long.toString(most)));
            if (refusal.isPresent()) {
                return CliAnswer.wrong(refusal.get());
            }
        }
        return CliAnswer.text("Max sessions set to " + most + "\n");
    }

    private List<String> pids() {
        List<String> pids = new ArrayList<>();
        if (roles.get().gateway()) {
            pids.add("io.millrace.kernel.gateway");
        }
        if (roles.get().orchestrator()) {
            pids.add("io.millrace.kernel.orchestrator");
        }
        return pids;
    }
}
