package io.millrace.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One setting, as its bundle declares it.
 *
 * @param pid the configuration it belongs to; of a kind of which there may be several, the factory's
 * @param key its name there
 * @param type of a value, of one of them in a list
 * @param list whether it takes several values, written with commas between them
 * @param required whether it needs a value; one with a default has it
 * @param name for a form
 * @param description for a person
 * @param standard default value as text; empty when there is none
 * @param min least value, of a text its least length; empty when there is none
 * @param max greatest value, of a text its greatest length; empty when there is none
 * @param options the only values; empty when there are others
 */
public record Setting(
        String pid,
        String key,
        Type type,
        boolean list,
        boolean required,
        String name,
        String description,
        Optional<String> standard,
        Optional<String> min,
        Optional<String> max,
        List<Option> options) {

    /**
     * A value that may be chosen.
     *
     * @param value as it is set
     * @param label as it is shown
     */
    public record Option(String value, String label) {}

    /** The same in another configuration. */
    Setting in(String otherPid) {
        return new Setting(
                otherPid, key, type, list, required, name, description, standard, min, max, options);
    }

    /** The same with these as the only values. */
    Setting with(List<Option> otherOptions) {
        return new Setting(
                pid, key, type, list, required, name, description, standard, min, max, List.copyOf(otherOptions));
    }

    /** Whether its value must not be shown. */
    public boolean secret() {
        return type == Type.PASSWORD;
    }

    /** What a number counts, by the last word of the key; empty when that says nothing. */
    public Optional<String> unit() {
        return Unit.of(key).filter(unit -> type.number());
    }

    /** The values that a text stands for: of a list those between its commas, else the text itself. */
    public List<String> values(String text) {
        return list ? listed(text) : List.of(text);
    }

    /** What a list holds that is written as several texts, or with commas between. */
    public static List<String> listed(String... texts) {
        return Arrays.stream(texts)
                .flatMap(text -> Stream.of(text.split(",")))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
