package io.millrace.launcher.config;

import io.millrace.launcher.AdminClient;
import io.millrace.launcher.Command;
import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.Options;
import io.millrace.launcher.Refused;
import io.millrace.launcher.Settings;
import io.millrace.launcher.Table;
import io.millrace.settings.ClosestName;
import io.millrace.settings.Launch;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.parsson.JsonProviderImpl;

/** {@code bin/millrace config}. */
public final class ConfigCommand {

    /** Shows and changes settings. */
    public static final Command COMMAND = new Command(
            "config",
            "list [PID] | get KEY | set PID.key=value | unset KEY | explain KEY | diff  [--data DIR] [--json]",
            "Show and change settings, also while the node runs",
            """
            list [PID]     every setting, or those of one PID, with its value and where it is set
            get KEY        the value of one, whole where the table cuts it; KEY is PID.key
            set KEY=VALUE  sets one, now and for later starts, in config/PID.cfg of the data folder
            unset KEY      takes it out of that file again
            explain KEY    all there is to know about one
            diff           those that are set to something else than the default, and where
            When no node runs, the files are read and changed, with the same checks. For a folder that never
            had a node, --role ROLE says which settings there are (default: combined).
            """,
            ConfigCommand::run);

    private static final String VALUE = "value";
    private static final String KEY = "key";

    /** Letters of a value in a table. */
    private static final int WIDEST = 40;

    private ConfigCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data", "--role"), Set.of("--json"));
        List<String> rest = options.rest(2, COMMAND.synopsis());
        String verb = rest.isEmpty() ? "list" : rest.getFirst();
        boolean json = options.has("--json");
        Target target = target(home, options);
        switch (verb) {
            case "list" -> show(rest.size() < 2 ? target.all() : of(target.all(), rest.get(1)), json);
            case "diff" -> {
                noMore(rest);
                show(target.all().stream().filter(ConfigCommand::differs).toList(), json);
            }
            case "get" -> {
                JsonObject one = one(target.all(), argument(rest));
                System.out.println(json ? one : text(one, VALUE));
            }
            case "explain" -> {
                JsonObject one = one(target.all(), argument(rest));
                System.out.print(json ? one + System.lineSeparator() : explained(one));
            }
            case "set" -> {
                String assignment = argument(rest);
                int equals = assignment.indexOf('=');
                if (equals <= 0) {
                    throw new Refused("config set takes PID.key=value, not '" + assignment + "'.");
                }
                String key = whole(target, assignment.substring(0, equals));
                System.out.println(target.set(key, assignment.substring(equals + 1)));
            }
            case "unset" -> System.out.println(target.unset(whole(target, argument(rest))));
            default -> throw new Refused("There is no 'config " + verb + "'."
                    + ClosestName.hint(verb, List.of("list", "get", "set", "unset", "explain", "diff")) + " Usage: "
                    + COMMAND.synopsis());
        }
        return 0;
    }

    private static void noMore(List<String> rest) {
        if (rest.size() > 1) {
            throw new Refused("Usage: " + COMMAND.synopsis());
        }
    }

    private static String argument(List<String> rest) {
        if (rest.size() < 2) {
            throw new Refused("Which setting? Usage: " + COMMAND.synopsis());
        }
        return rest.get(1);
    }

    private static Target target(DistributionFolder home, Options options) {
        DataFolder data = DataFolder.of(home, options);
        if (data.process().isPresent()) {
            return new RunningTarget(AdminClient.of(data));
        }
        Launch last = lastRun(data);
        String role = options.one("--role").orElse(last.variables().getOrDefault("role", "combined"));
        Settings settings = new Settings(Feature.read(home, role), home, data.directory()).withFiles();
        return new FilesTarget(settings.launch(), settings.declared());
    }

    /** What the node on this folder was last started with; its command line is of that run only. */
    private static Launch lastRun(DataFolder data) {
        Path file = data.run().resolve("launch.properties");
        try {
            return Files.exists(file) ? Launch.read(file) : Launch.none();
        } catch (IOException e) {
            throw Refused.failed(file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    private static String pid(JsonObject setting) {
        String key = setting.getString(KEY);
        return key.substring(0, key.lastIndexOf('.'));
    }

    /** Those of a PID, and of those below it. */
    private static List<JsonObject> of(List<JsonObject> all, String wanted) {
        List<JsonObject> some = all.stream()
                .filter(setting -> pid(setting).matches(Pattern.quote(wanted) + "([.~].*)?"))
                .toList();
        if (some.isEmpty()) {
            throw Refused.failed("There is no PID '" + wanted + "'."
                    + ClosestName.hint(
                            wanted, all.stream().map(setting -> pid(setting).replaceFirst("~.*", "")).distinct().toList())
                    + " 'millrace config list' shows all.");
        }
        return some;
    }

    /** A name with its PID; one without is refused with those that were probably meant. */
    private static String whole(Target target, String key) throws InterruptedException {
        return key.indexOf('.') < 0 ? one(target.all(), key).getString(KEY) : key;
    }

    private static JsonObject one(List<JsonObject> all, String key) {
        if (key.indexOf('.') < 0) {
            throw Refused.failed("A setting is named PID.key, not '" + key + "'." + meant(all, key)
                    + " 'millrace config list' shows all.");
        }
        return all.stream()
                .filter(setting -> setting.getString(KEY).equals(key))
                .findFirst()
                .orElseThrow(() -> Refused.failed("There is no setting '" + key + "'."
                        + ClosestName.hint(key, all.stream().map(setting -> setting.getString(KEY)).toList())
                        + " 'millrace config list' shows all."));
    }

    private static String meant(List<JsonObject> all, String key) {
        List<String> keys = all.stream().map(setting -> last(setting.getString(KEY))).distinct().toList();
        return ClosestName.to(key, keys)
                .map(near -> all.stream()
                        .map(setting -> setting.getString(KEY))
                        .filter(name -> last(name).equals(near))
                        .collect(Collectors.joining(" or ", " Did you mean ", "?")))
                .orElse("");
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Whether a setting was set to another value than its default, or such a value is refused. */
    private static boolean differs(JsonObject setting) {
        boolean set = Set.of("file", "flag").contains(setting.getString("source"));
        return set && !text(setting, VALUE).equals(text(setting, "default")) || setting.containsKey("refusal");
    }

    private static void show(List<JsonObject> settings, boolean json) {
        if (json) {
            JsonArrayBuilder array = new JsonProviderImpl().createArrayBuilder();
            settings.forEach(array::add);
            System.out.println(array.build());
            return;
        }
        if (settings.isEmpty()) {
            System.out.println("No setting differs from its default.");
        }
        Map<String, Table> tables = new LinkedHashMap<>();
        settings.forEach(setting -> tables.computeIfAbsent(pid(setting), pid -> new Table(pid, "", "DEFAULT", "SET IN"))
                .row(row(setting)));
        System.out.print(String.join(
                System.lineSeparator(), tables.values().stream().map(Table::toString).toList()));
        settings.stream()
                .filter(setting -> setting.containsKey("refusal"))
                .map(setting -> "Refused: " + setting.getString("refusal"))
                .distinct()
                .forEach(System.out::println);
    }

    /** What fits a line; the default is not said again where it holds. */
    private static String[] row(JsonObject setting) {
        String value = text(setting, VALUE);
        String standard = text(setting, "default");
        return new String[] {
            "  " + setting.getString(KEY).substring(pid(setting).length() + 1),
            cut(value),
            value.equals(standard) ? "" : cut(standard),
            setting.getString("where")
        };
    }

    private static String cut(String value) {
        return value.length() > WIDEST ? value.substring(0, WIDEST - 3) + "..." : value;
    }

    private static String explained(JsonObject setting) {
        StringBuilder text = new StringBuilder(setting.getString(KEY)).append('\n');
        text.append("  ").append(setting.getString("description")).append('\n');
        line(text, "value", text(setting, VALUE) + " (" + setting.getString("where") + ")");
        line(text, "default", text(setting, "default"));
        line(text, "takes", setting.getString("takes"));
        if (setting.containsKey("refusal")) {
            line(text, "refused", setting.getString("refusal"));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  ").append(name).repeat(' ', 9 - name.length()).append(value).append('\n');
    }

    private static String text(JsonObject setting, String key) {
        return setting.get(key) instanceof JsonString string ? string.getString() : "";
    }
}
