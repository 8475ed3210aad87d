package io.millrace.launcher.doctor;

import io.millrace.launcher.Command;
import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.NodeCommands;
import io.millrace.launcher.Options;
import io.millrace.launcher.Refused;
import io.millrace.launcher.doctor.Finding.Level;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.parsson.JsonProviderImpl;

/** Checks a node and its machine, and says what to do about each problem. */
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
            Node::distribution,
            Node::itself,
            Network::ports,
            Network::certificates,
            Encoders::look,
            Machine::java,
            Machine::cache,
            Machine::memory,
            Machine::openFiles,
            Machine::disk,
            Machine::clock);

    private DoctorCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data", "--set"), Set.of("--json"));
        List<String> role = options.rest(1, COMMAND.synopsis());
        Node node = node(home, options, role.stream().findFirst());
        List<Finding> findings = new ArrayList<>();
        for (Examination examination : EXAMINATIONS) {
            findings.addAll(examination.look(node));
        }
        System.out.print(options.has("--json") ? json(findings) + "\n" : text(findings));
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? 1 : 0;
    }

    private static Node node(DistributionFolder home, Options options, Optional<String> asked) {
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
        return new Node(home, data, feature, settings, status);
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

    /** Examines one thing that a node needs; it changes nothing, and sends nothing to other machines. */
    @FunctionalInterface
    private interface Examination {
        List<Finding> look(Node node) throws InterruptedException;
    }

    /**
     * A node, running or not, and the machine it is on.
     *
     * @param settings of the run that goes on, or of the one that would begin: {@code PID/key}
     * @param status what the node says of itself; empty when it does not run or starts
     */
    record Node(DistributionFolder home, DataFolder data, Feature feature, Properties settings, Optional<JsonObject> status) {

        private static final String NODE = "node";

        boolean isRunning() {
            return status.isPresent();
        }

        /** Whether its role has this PID. */
        boolean has(String pid) {
            return settings.stringPropertyNames().stream().anyMatch(name -> name.startsWith(pid + "/"));
        }

        /** The servers of its role, {@code http}, {@code service} and {@code admin}. */
        TreeSet<String> servers() {
            TreeSet<String> servers = new TreeSet<>();
            String prefix = "io.millrace.http~";
            for (String name : settings.stringPropertyNames()) {
                if (name.startsWith(prefix)) {
                    servers.add(name.substring(prefix.length(), name.indexOf('/')));
                }
            }
            return servers;
        }

        String setting(String pid, String key, String otherwise) {
            return settings.getProperty(pid + "/" + key, otherwise);
        }

        /** Where native libraries are unpacked. */
        Path natives() {
            String folder = setting("io.millrace.ffmpeg", "cacheDirectory", "");
            return folder.isEmpty() ? Path.of(System.getProperty("user.home"), ".javacpp", "cache") : Path.of(folder);
        }

        /** Whether all that the role is made of is there. */
        List<Finding> distribution() {
            try {
                feature.bundles().keySet().forEach(home::bundle);
            } catch (Refused e) {
                return List.of(Finding.fail("millrace", e.getMessage(), "build or unpack it again"));
            }
            return List.of(Finding.ok("millrace", DistributionFolder.version() + " in " + home.directory() + ", as " + feature.role()));
        }

        /** What the node says of itself. */
        List<Finding> itself() {
            if (status.isPresent()) {
                return said(status.get());
            }
            if (data.process().isPresent()) {
                return List.of(Finding.warn(
                        NODE, "runs, but says nothing of itself yet", "wait a moment; its log: " + data.logs()));
            }
            // A node that stops takes its status with it.
            if (Files.exists(data.run().resolve("status.json"))) {
                return List.of(Finding.warn(
                        NODE,
                        "does not run, and did not stop by itself: it was killed or broke",
                        "the end of its log says more: bin/millrace logs; on Linux see also dmesg, for want of memory"));
            }
            return List.of(Finding.ok(NODE, "does not run on " + data.directory()));
        }

        private static List<Finding> said(JsonObject status) {
            List<Finding> findings = new ArrayList<>();
            status.getJsonArray("obstacles").getValuesAs(JsonString.class).forEach(obstacle -> findings.add(
                    Finding.fail(NODE, obstacle.getString(), "bin/millrace logs says more")));
            status.getJsonArray("cautions").getValuesAs(JsonString.class).forEach(caution -> findings.add(
                    Finding.warn(NODE, caution.getString(), "bin/millrace logs says more")));
            return findings.isEmpty()
                    ? List.of(Finding.ok(NODE, "runs and is ready (process " + status.getInt("pid") + ")"))
                    : findings;
        }
    }
}
