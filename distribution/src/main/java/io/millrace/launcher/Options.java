package io.millrace.launcher;

import io.millrace.settings.ClosestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The words after a command: options with and without value, in any order, and the rest. */
public final class Options {

    private final Map<String, List<String>> values = new TreeMap<>();
    private final List<String> rest = new ArrayList<>();

    /**
     * Reads them.
     *
     * @param withValue options that take a value, with their dashes
     * @param without options that take none
     */
    public static Options parse(List<String> words, Set<String> withValue, Set<String> without) {
        Options options = new Options();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
            if (withValue.contains(name)) {
                if (name.length() < word.length()) {
                    options.add(name, word.substring(equals + 1));
                } else if (i + 1 < words.size()) {
                    options.add(name, words.get(++i));
                } else {
                    throw new Refused(name + " needs a value.");
                }
            } else if (without.contains(word)) {
                options.add(word, "");
            } else if (word.startsWith("-")) {
                List<String> known = new ArrayList<>(withValue);
                known.addAll(without);
                throw new Refused("There is no option " + name + "." + ClosestName.hint(name, known));
            } else {
                options.rest.add(word);
            }
        }
        return options;
    }

    private void add(String name, String value) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    /** Whether it was given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Its value, the last one given. */
    public Optional<String> one(String name) {
        return all(name).stream().reduce((first, last) -> last);
    }

    /** All its values. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The words that are no options: at most so many. */
    public List<String> rest(int most, String usage) {
        if (rest.size() > most) {
            throw new Refused("Usage: " + usage);
        }
        return rest;
    }
}
