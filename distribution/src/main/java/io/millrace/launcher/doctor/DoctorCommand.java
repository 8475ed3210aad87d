package io.millrace.launcher.doctor;

import io.millrace.launcher.Command;
import io.millrace.launcher.DataFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.Home;
import io.millrace.launcher.NodeCommands;
import io.millrace.launcher.Options;
import io.millrace.launcher.doctor.Finding.Level;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.eclipse.parsson.JsonProviderImpl;

/** Looks a node and its machine over. */
public final class DoctorCommand {

    /** Does it. */
    public static final Command COMMAND = new Command(
            "doctor",
            "[ROLE] [--data DIR] [--set PID.key=value ...] [--json]",
            "What keeps a node from working here, and what to do about it",
            """
            Looks at the node that runs on the data folder, or at what a node of ROLE (default: the one that
            ran last, or combined) would find if it were started now. Sends nothing to other machines.
            Ends with 1 when anything is marked FAIL.
            """,
            DoctorCommand::run);

    private static final List<Examination> EXAMINATIONS = List.of(
            Distribution::look,
            Running::look,
            Ports::look,
            Certificates::look,
            Encoders::look,
            Machine::java,
            Machine::cache,
            Machine::memory,
            Machine::openFiles,
            Disk::look,
            Clock::look);

    private DoctorCommand() {}

    private static int run(Home home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data", "--set"), Set.of("--json"));
        List<String> role = options.rest(1, COMMAND.synopsis());
        Patient patient = patient(home, options, role.stream().findFirst());
        List<Finding> findings = new ArrayList<>();
        for (Examination examination : EXAMINATIONS) {
            findings.addAll(examination.look(patient));
        }
        System.out.print(options.has("--json") ? json(findings) + "\n" : text(findings));
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? 1 : 0;
    }

    private static Patient patient(Home home, Options options, Optional<String> asked) {
        DataFolder data = DataFolder.of(home, options);
        Optional<JsonObject> status = data.status();
        Properties last = data.settings();
        String role = status.map(running -> running.getString("role"))
                .or(() -> asked)
                .or(() -> Optional.ofNullable(last.getProperty("io.millrace.ops/role")))
                .filter(name -> asked.isPresent() || home.roles().contains(name))
                .orElse("combined");
        Feature feature = Feature.read(home, role);
        Properties settings =
                status.isPresent() ? last : NodeCommands.settings(home, data, feature, options).resolved();
        return new Patient(home, data, feature, settings, status);
    }

    private static String text(List<Finding> findings) {
        int width = findings.stream().mapToInt(finding -> finding.what().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(String.format("%-4s  %-" + width + "s  %s%n", finding.level().word(), finding.what(), finding.says()));
            if (!finding.advice().isEmpty()) {
                text.append(" ".repeat(width + 8)).append("-> ").append(finding.advice()).append(System.lineSeparator());
            }
        }
        return text.toString();
    }

    private static String json(List<Finding> findings) {
        JsonProviderImpl json = new JsonProviderImpl();
        JsonArrayBuilder array = json.createArrayBuilder();
        findings.forEach(finding -> array.add(json.createObjectBuilder()
                .add("level", finding.level().word())
                .add("what", finding.what())
                .add("says", finding.says())
                .add("advice", finding.advice())));
        return array.build().toString();
    }
}
