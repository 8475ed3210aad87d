package io.millrace.launcher.livepeer;

import io.millrace.launcher.Refused;
import io.millrace.settings.ClosestName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Words read by Go's rules: {@code -flag}, {@code -flag=value}, {@code -flag value}, with one dash or two. What
 * they do not say, variables {@code LP_FLAG} of the environment do, and what those do not, lines {@code flag value}
 * of the file that {@code -config} names.
 */
final class CommandLine {

    private static final String CONFIG = "config";
    private static final String PREFIX = "LP_";

    private final Map<String, String> values = new TreeMap<>();

    /** Reads words alone. */
    static CommandLine parse(List<String> words) {
        return parse(words, Map.of());
    }

    /** Reads all three; all that is wrong is said at once. */
    static CommandLine parse(List<String> words, Map<String, String> environment) {
        List<String> errors = new ArrayList<>();
        CommandLine line = ofWords(words, errors);
        line.readEnvironment(environment, errors);
        line.value(CONFIG).filter(file -> !file.isEmpty()).ifPresent(file -> line.readFile(Path.of(file), errors));
        if (!errors.isEmpty()) {
            throw new Refused(String.join(System.lineSeparator(), errors));
        }
        return line;
    }

    private void readEnvironment(Map<String, String> environment, List<String> errors) {
        for (String name : Flags.names()) {
            String value = environment.getOrDefault(variable(name), "");
            if (!values.containsKey(name) && !value.isEmpty()) {
                List<String> wrong = new ArrayList<>();
                take(name, value, wrong);
                wrong.forEach(error -> errors.add(variable(name) + ": " + error));
            }
        }
    }

    private void readFile(Path file, List<String> errors) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            errors.add("-config names " + file + ", which cannot be read (" + e.getMessage() + ").");
            return;
        }
        Set<String> said = Set.copyOf(values.keySet());
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int blank = line.indexOf(' ');
            String key = blank < 0 ? line : line.substring(0, blank);
            String value = blank < 0 ? "true" : line.substring(blank).strip();
            int comment = value.indexOf(" #");
            String name = Flags.names().stream().filter(flag -> variable(flag).equals(key)).findFirst().orElse(key);
            if (!said.contains(name)) {
                List<String> wrong = new ArrayList<>();
                take(name, comment < 0 ? value : value.substring(0, comment).strip(), wrong);
                String where = file + ", line " + number + ": ";
                wrong.forEach(error -> errors.add(where + error));
            }
        }
    }

    static String variable(String flag) {
        return PREFIX + flag.toUpperCase(Locale.ROOT).replaceAll("[-./]", "_");
    }

    private void take(String name, String value, List<String> errors) {
        Optional<Flag> known = Flags.known(name);
        if (known.isPresent()) {
            put(known.get(), value, errors);
        } else {
            unknown(name, value).ifPresent(errors::add);
        }
    }

    private static CommandLine ofWords(List<String> words, List<String> errors) {
        CommandLine line = new CommandLine();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-") || word.equals("-") || word.equals("--")) {
                errors.add("'" + word + "' is no flag and belongs to none.");
                continue;
            }
            String flag = word.substring(word.startsWith("--") ? 2 : 1);
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(flag.substring(equals + 1));
            Optional<Flag> known = Flags.known(name);
            if (known.isEmpty()) {
                boolean valueFollows = value.isEmpty()
                        && i + 1 < words.size()
                        && !words.get(i + 1).startsWith("-");
                String given = value.orElse(valueFollows ? words.get(++i) : "true");
                unknown(name, given).ifPresent(errors::add);
            } else if (value.isPresent() || known.get().bare()) {
                line.put(known.get(), value.orElse("true"), errors);
            } else if (i + 1 < words.size()) {
                line.put(known.get(), words.get(++i), errors);
            } else {
                errors.add("-" + name + " needs a value.");
            }
        }
        return line;
    }

    private static Optional<String> unknown(String name, String value) {
        Optional<Flag.Missing> missing = Flags.missing(name);
        if (missing.isEmpty()) {
            return Optional.of("There is no flag -" + name + "." + ClosestName.hint(
                    "-" + name, Flags.names().stream().map(known -> "-" + known).toList()));
        }
        boolean harmless = missing.get().harmless().filter(value::equals).isPresent();
        return harmless
                ? Optional.empty()
                : Optional.of("-" + name + " is not there yet. " + missing.get().instead());
    }

    private void put(Flag flag, String value, List<String> errors) {
        if (flag.bare() && !List.of("true", "false", "1", "0", "t", "f", "T", "F", "TRUE", "FALSE", "True", "False")
                .contains(value)) {
            errors.add("-" + flag.name() + " is true or false, not '" + value + "'.");
        }
        values.put(flag.name(), value);
    }

    boolean isSet(String name) {
        return List.of("true", "1", "t").contains(values.getOrDefault(name, "false").toLowerCase(Locale.ROOT));
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The flags that were given. */
    List<Flag> flags() {
        return Flags.KNOWN.stream().filter(flag -> values.containsKey(flag.name())).toList();
    }
}
