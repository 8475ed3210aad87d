package io.millrace.launcher.doctor;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What the node says of itself. */
final class Running {

    private static final String WHAT = "node";

    private Running() {}

    static List<Finding> look(Patient patient) {
        if (patient.status().isPresent()) {
            return said(patient.status().get());
        }
        if (patient.data().process().isPresent()) {
            return List.of(Finding.warn(
                    WHAT, "runs, but says nothing of itself yet", "wait a moment; its log: " + patient.data().logs()));
        }
        // A node that stops takes its status with it.
        if (Files.exists(patient.data().run().resolve("status.json"))) {
            return List.of(Finding.warn(
                    WHAT,
                    "does not run, and did not stop by itself: it was killed or broke",
                    "the end of its log says more: bin/millrace logs; on Linux see also dmesg, for want of memory"));
        }
        return List.of(Finding.ok(WHAT, "does not run on " + patient.data().directory()));
    }

    private static List<Finding> said(JsonObject status) {
        List<Finding> findings = new ArrayList<>();
        status.getJsonArray("obstacles").getValuesAs(JsonString.class).forEach(obstacle -> findings.add(
                Finding.fail(WHAT, obstacle.getString(), "bin/millrace logs says more")));
        status.getJsonArray("cautions").getValuesAs(JsonString.class).forEach(caution -> findings.add(
                Finding.warn(WHAT, caution.getString(), "bin/millrace logs says more")));
        return findings.isEmpty()
                ? List.of(Finding.ok(WHAT, "runs and is ready (process " + status.getInt("pid") + ")"))
                : findings;
    }
}
