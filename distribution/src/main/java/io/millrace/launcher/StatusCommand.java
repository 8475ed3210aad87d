package io.millrace.launcher;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.parsson.JsonProviderImpl;

/** Shows the status of a node. */
final class StatusCommand {

    static final Command COMMAND = new Command(
            "status",
            "[--data DIR] [--json]",
            "What the node says of itself",
            "Ends with 1 when no node runs, so that scripts can ask.\n",
            StatusCommand::run);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private StatusCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data"), Set.of("--json"));
        options.rest(0, COMMAND.synopsis());
        DataFolder data = DataFolder.of(home, options);
        Optional<JsonObject> status = status(data);
        if (options.has("--json")) {
            System.out.println(status.map(JsonObject::toString).orElseGet(() -> notRunning(data).toString()));
        } else {
            System.out.println(status.map(StatusCommand::text).orElse(data.process()
                    .map(process -> "starting (process " + process.pid() + ")")
                    .orElse("No node runs on " + data.directory() + ".")));
        }
        return status.isPresent() ? 0 : 1;
    }

    /** As it is now; of a node that does not answer in time, as it was when something changed last. */
    private static Optional<JsonObject> status(DataFolder data) throws InterruptedException {
        Optional<JsonObject> written = data.status();
        try {
            return written.isEmpty()
                    ? written
                    : Optional.of(AdminClient.of(data).get("/api/node", LIMIT).asJsonObject());
        } catch (Refused | ClassCastException e) {
            return written;
        }
    }

    private static JsonObject notRunning(DataFolder data) {
        return new JsonProviderImpl()
                .createObjectBuilder()
                .add("version", DistributionFolder.version())
                .add("ready", false)
                .add("data", data.directory().toString())
                .add("addresses", JsonValue.EMPTY_JSON_OBJECT)
                .build();
    }

    /** The status of a node in some lines: its state, its addresses, its work and its problems. */
    static String text(JsonObject status) {
        StringBuilder text = new StringBuilder(place(status));
        work(status).ifPresent(work -> line(text, work));
        budgets(status).ifPresent(budgets -> line(text, budgets));
        lines(status, "obstacles").forEach(obstacle -> line(text, "NOT READY: " + obstacle));
        lines(status, "cautions").forEach(caution -> line(text, "caution: " + caution));
        return text.toString();
    }

    /** How it is, and where it listens. */
    static String place(JsonObject status) {
        StringBuilder text = new StringBuilder(status.getString("role", "node"))
                .append(state(status))
                .append(" (process ")
                .append(status.getInt("pid", 0))
                .append(')');
        status.getJsonObject("addresses").forEach((name, uri) -> line(text, name + " " + ((JsonString) uri).getString()));
        if (status.get("console") instanceof JsonString console) {
            line(text, "console " + console.getString());
        }
        return text.toString();
    }

    private static String state(JsonObject status) {
        return status.getBoolean("draining", false)
                ? " draining"
                : status.getBoolean("ready", false) ? " ready" : " not ready";
    }

    private static Optional<String> work(JsonObject status) {
        int streams = status.getInt("streams", 0);
        int sessions = status.getInt("sessions", 0);
        int most = status.getInt("maxSessions", 0);
        if (streams == 0 && sessions == 0) {
            return Optional.empty();
        }
        return Optional.of("streams " + streams + ", sessions " + sessions + (most > 0 ? " of " + most : ""));
    }

    /** What the work of others takes of the memory. */
    private static Optional<String> budgets(JsonObject status) {
        JsonObject budgets = status.getJsonObject("budgets");
        return budgets == null || budgets.isEmpty()
                ? Optional.empty()
                : Optional.of("memory for work: " + budgets.keySet().stream()
                        .map(name -> name + " " + budgets.getJsonObject(name).getInt("usedMegabytes") + " of "
                                + budgets.getJsonObject(name).getInt("limitMegabytes") + " MB")
                        .collect(Collectors.joining(", ")));
    }

    private static List<String> lines(JsonObject status, String key) {
        JsonArray lines = status.getJsonArray(key);
        return lines == null
                ? List.of()
                : lines.getValuesAs(JsonString.class).stream().map(JsonString::getString).toList();
    }

    private static void line(StringBuilder text, String line) {
        text.append(System.lineSeparator()).append("  ").append(line);
    }
}
