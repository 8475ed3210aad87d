package io.millrace.launcher;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.parsson.JsonProviderImpl;

/** What a node works on now: streams of a gateway, sessions of an orchestrator. */
final class StreamsCommand {

    static final Command COMMAND = new Command(
            "streams",
            "[end NAME] [--data DIR] [--json]",
            "The streams and sessions that run now; 'end NAME' ends one",
            """
            SPEED is in times of real time: how many times faster than they play the newest segments were
            transcoded; below 1 a stream falls behind. An orchestrator has sessions, one for each stream that a gateway sends.
            'end NAME' finishes what is in work, closes the playlists and sends the publisher away.
            """,
            StreamsCommand::run);

    /** The newest segments, whose speed is shown. */
    private static final int SEGMENTS = 10;

    /** What is told of a stream, and of a session, as the node has it. */
    private static final List<String> STREAM =
            List.of("origin", "segments", "dropped", "inFlight", "renditions", "orchestrator");

    private static final List<String> SESSION = List.of("session", "segments", "failed", "queued");

    private StreamsCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data"), Set.of("--json"));
        List<String> rest = options.rest(2, COMMAND.synopsis());
        boolean list = rest.isEmpty();
        if (!list && (!rest.getFirst().equals("end") || rest.size() < 2)) {
            throw new Refused("Usage: " + COMMAND.synopsis());
        }
        AdminClient node = AdminClient.of(DataFolder.of(home, options));
        if (!list) {
            System.out.println(node.send("DELETE", "/api/streams/" + AdminClient.escaped(rest.get(1))));
            return 0;
        }
        JsonObject all = (JsonObject) node.get("/api/streams?segments=" + SEGMENTS);
        List<JsonObject> streams = all.getJsonArray("streams").getValuesAs(JsonObject.class).stream()
                .filter(stream -> stream.getBoolean("live"))
                .toList();
        List<JsonObject> sessions = all.getJsonArray("sessions").getValuesAs(JsonObject.class);
        System.out.print(options.has("--json") ? json(streams, sessions) + "\n" : text(streams, sessions, now(all)));
        return 0;
    }

    private static Instant now(JsonObject all) {
        return Instant.ofEpochMilli(all.getJsonNumber("now").longValue());
    }

    private static JsonArray json(List<JsonObject> streams, List<JsonObject> sessions) {
        JsonProviderImpl json = new JsonProviderImpl();
        JsonArrayBuilder array = json.createArrayBuilder();
        for (JsonObject stream : streams) {
            JsonObjectBuilder item = named(json, "stream", stream.get("name"), stream);
            for (String key : STREAM) {
                item.add(key, stream.get(key));
            }
            array.add(withSpeed(item, speed(stream)));
        }
        for (JsonObject session : sessions) {
            JsonObjectBuilder item = named(json, "session", session.get("manifest"), session);
            for (String key : SESSION) {
                item.add(key, session.get(key));
            }
            array.add(withSpeed(item, sessionSpeed(session)));
        }
        return array.build();
    }

    private static JsonObjectBuilder named(JsonProviderImpl json, String kind, JsonValue name, JsonObject item) {
        return json.createObjectBuilder().add("kind", kind).add("name", name).add("since", since(item).toString());
    }

    private static JsonObjectBuilder withSpeed(JsonObjectBuilder item, OptionalDouble speed) {
        return speed.isPresent() ? item.add("speed", speed.getAsDouble()) : item.addNull("speed");
    }

    private static String text(List<JsonObject> streams, List<JsonObject> sessions, Instant now) {
        if (streams.isEmpty() && sessions.isEmpty()) {
            return "Nothing runs." + System.lineSeparator();
        }
        StringBuilder text = new StringBuilder();
        if (!streams.isEmpty()) {
            Table table = new Table("STREAM", "FOR", "SEGMENTS", "DROPPED", "SPEED", "RENDITIONS", "ORCHESTRATOR");
            streams.forEach(stream -> table.row(
                    stream.getString("name"),
                    age(stream, now),
                    stream.get("segments").toString(),
                    stream.get("dropped").toString(),
                    shown(speed(stream)),
                    renditions(stream),
                    stream.get("orchestrator") instanceof JsonString uri ? uri.getString() : "none"));
            text.append(table);
        }
        if (!sessions.isEmpty()) {
            Table table = new Table("SESSION", "FOR", "SEGMENTS", "FAILED", "WAITING", "SPEED", "STREAM");
            sessions.forEach(session -> table.row(
                    session.getString("session"),
                    age(session, now),
                    session.get("segments").toString(),
                    session.get("failed").toString(),
                    session.get("queued").toString(),
                    shown(sessionSpeed(session)),
                    session.getString("manifest")));
            text.append(streams.isEmpty() ? "" : System.lineSeparator()).append(table);
        }
        return text.toString();
    }

    private static Instant since(JsonObject item) {
        return Instant.ofEpochMilli(item.getJsonNumber("since").longValue());
    }

    private static String age(JsonObject item, Instant now) {
        Duration age = Duration.between(since(item), now);
        return age.toHours() > 0
                ? age.toHours() + "h" + age.toMinutesPart() + "m"
                : age.toMinutes() > 0 ? age.toMinutes() + "m" + age.toSecondsPart() + "s" : age.toSeconds() + "s";
    }

    private static String renditions(JsonObject stream) {
        String names = stream.getJsonArray("renditions").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .collect(Collectors.joining(","));
        return names.isEmpty() ? "source only" : names;
    }

    private static OptionalDouble speed(JsonObject stream) {
        List<JsonObject> done = stream.getJsonArray("recent").getValuesAs(JsonObject.class).stream()
                .filter(segment -> segment.getString("outcome").equals("transcoded"))
                .toList();
        return ratio(sum(done, "seconds"), sum(done, "workSeconds"));
    }

    private static double sum(List<JsonObject> segments, String key) {
        return segments.stream().mapToDouble(segment -> number(segment.get(key)).orElse(0.0)).sum();
    }

    private static OptionalDouble sessionSpeed(JsonObject session) {
        return ratio(number(session.get("lastSeconds")).orElse(0.0), number(session.get("lastWorkSeconds")).orElse(0.0));
    }

    private static Optional<Double> number(JsonValue value) {
        return value instanceof JsonNumber number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    /** With one decimal: more would pretend to know more. */
    private static OptionalDouble ratio(double played, double took) {
        return took > 0 ? OptionalDouble.of(Math.round(10 * played / took) / 10.0) : OptionalDouble.empty();
    }

    private static String shown(OptionalDouble speed) {
        return speed.isPresent() ? String.format(Locale.ROOT, "%.1fx", speed.getAsDouble()) : "-";
    }
}
