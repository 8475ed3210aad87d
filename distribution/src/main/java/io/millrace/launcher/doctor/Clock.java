package io.millrace.launcher.doctor;

import io.millrace.launcher.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The clock, as far as this machine alone can tell: nobody else is asked for the time. */
final class Clock {

    private static final String WHAT = "clock";
    private static final int LIMIT_SECONDS = 5;

    private Clock() {}

    static List<Finding> look(Patient patient) throws InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String says = now + " (" + ZoneId.systemDefault() + ")";
        if (now.isBefore(built(patient.home()))) {
            return List.of(Finding.fail(
                    WHAT, says + " is before this version was built", "set it: certificates and tokens depend on it"));
        }
        return List.of(switch (synchronization()) {
            case "yes" -> Finding.ok(WHAT, says + ", kept right by the system");
            case "no" -> Finding.warn(
                    WHAT, says + ", and nothing keeps it right", "timedatectl set-ntp true, or install chrony");
            default -> Finding.ok(WHAT, says + "; whether something keeps it right cannot be seen from here");
        });
    }

    private static Instant built(Home home) {
        try {
            return Files.getLastModifiedTime(home.directory().resolve("lib/millrace-distribution.jar"))
                    .toInstant();
        } catch (IOException e) {
            return Instant.MIN;
        }
    }

    /** What systemd says, where it is there: yes, no, or nothing. */
    private static String synchronization() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("timedatectl", "show", "--property=NTPSynchronized", "--value")
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
