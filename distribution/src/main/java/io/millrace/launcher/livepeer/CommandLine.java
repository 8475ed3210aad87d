package io.millrace.launcher.livepeer;

import io.millrace.launcher.Refused;
import io.millrace.settings.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Words read by Go's rules: {@code -flag}, {@code -flag=value}, {@code -flag value}, with one dash or two. */
final class CommandLine {

    private final Map<String, String> values = new TreeMap<>();

    /** Reads them; all that is wrong is said at once. */
    static CommandLine parse(List<String> words) {
        CommandLine line = new CommandLine();
        List<String> errors = new ArrayList<>();
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
        if (!errors.isEmpty()) {
            throw new Refused(String.join(System.lineSeparator(), errors));
        }
        return line;
    }

    private static Optional<String> unknown(String name, String value) {
        Optional<Flag.Missing> missing = Flags.missing(name);
        if (missing.isEmpty()) {
            return Optional.of("There is no flag -" + name + "." + Nearest.hint(name, Flags.names()));
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
