package io.millrace.launcher;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.eclipse.parsson.JsonProviderImpl;

/** The bundles of a running node. */
final class BundlesCommand {

    static final Command COMMAND = new Command(
            "bundles",
            "[update NAME [FILE] | start NAME | stop NAME] [--data DIR] [--json]",
            "The bundles of a running node, what they lack; update, start or stop one",
            """
            Lists name, version, state (OSGi's words; ACTIVE is well) and what a bundle lacks.
            'update NAME FILE' replaces a bundle while the node runs, and keeps the file for the next starts: in
            deploy/ of the data folder, where it stands in for the node's own bundle until it is removed. One that
            does not start is not kept, and the former runs again. Without FILE what the bundle came from is read
            again. A bundle that was stopped runs again when the node is started. NAME may be NAME:VERSION.
            """,
            BundlesCommand::run);

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Set<String> ACTIONS = Set.of("update", "start", "stop");

    private BundlesCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data"), Set.of("--json"));
        List<String> rest = options.rest(3, COMMAND.synopsis());
        if (rest.isEmpty()) {
            JsonArray all = (JsonArray) AdminClient.of(DataFolder.of(home, options)).get("/api/bundles");
            System.out.print(options.has("--json") ? json(all) + "\n" : text(all));
            return 0;
        }
        String action = rest.getFirst();
        if (!ACTIONS.contains(action) || rest.size() < 2 || rest.size() > 2 && !action.equals("update")) {
            throw new Refused("Usage: " + COMMAND.synopsis());
        }
        BodyPublisher body = rest.size() > 2 ? file(Path.of(rest.get(2))) : BodyPublishers.noBody();
        AdminClient node = AdminClient.of(DataFolder.of(home, options));
        System.out.println(
                node.send("POST", "/api/bundles/" + AdminClient.escaped(rest.get(1)) + "/" + action, body, LIMIT));
        return 0;
    }

    private static BodyPublisher file(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                return BodyPublishers.ofFile(file);
            }
        } catch (FileNotFoundException e) {
            // Said below.
        }
        throw Refused.failed("There is no readable file " + file + ".");
    }

    private static JsonArray json(JsonArray all) {
        JsonProviderImpl json = new JsonProviderImpl();
        JsonArrayBuilder array = json.createArrayBuilder();
        for (JsonObject bundle : all.getValuesAs(JsonObject.class)) {
            array.add(json.createObjectBuilder()
                    .add("name", bundle.get("name"))
                    .add("version", bundle.get("version"))
                    .add("state", bundle.get("state"))
                    .add("missing", bundle.get("missing"))
                    .add("origin", bundle.get("origin")));
        }
        return array.build();
    }

    private static String text(JsonArray all) {
        Table table = new Table("BUNDLE", "VERSION", "STATE", "FROM");
        StringBuilder missing = new StringBuilder();
        for (JsonObject bundle : all.getValuesAs(JsonObject.class)) {
            table.row(
                    bundle.getString("name"),
                    bundle.getString("version"),
                    bundle.getString("state"),
                    bundle.getString("origin"));
            for (JsonString line : bundle.getJsonArray("missing").getValuesAs(JsonString.class)) {
                missing.append(System.lineSeparator())
                        .append(bundle.getString("name"))
                        .append(' ')
                        .append(bundle.getString("version"))
                        .append(": ")
                        .append(line.getString());
            }
        }
        return table + (missing.isEmpty() ? "" : missing + System.lineSeparator());
    }
}
