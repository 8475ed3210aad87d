package io.millrace.launcher.doctor;

import io.millrace.launcher.Home;
import io.millrace.launcher.Refused;
import java.util.List;

/** Whether all that the role is made of is there. */
final class Distribution {

    private Distribution() {}

    static List<Finding> look(Patient patient) {
        try {
            patient.feature().bundles().keySet().forEach(patient.home()::bundle);
        } catch (Refused e) {
            return List.of(Finding.fail("millrace", e.getMessage(), "build or unpack it again"));
        }
        return List.of(Finding.ok(
                "millrace",
                Home.version() + " in " + patient.home().directory() + ", as " + patient.feature().role()));
    }
}
