package io.millrace.launcher.livepeer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One flag of go-livepeer and what it is here.
 *
 * @param name without dashes
 * @param bare whether it is a switch, which may stand without a value
 * @param targets settings it becomes, {@code PID/key}, those that the role has, and how its text is read for each
 */
record Flag(String name, boolean bare, Map<String, UnaryOperator<String>> targets) {

    /** Flags that the command itself reads. */
    static Flag own(String name) {
        return new Flag(name, false, Map.of());
    }

    static Flag toggle(String name) {
        return new Flag(name, true, Map.of());
    }

    static Flag setting(String name, String... targets) {
        return setting(name, UnaryOperator.identity(), targets);
    }

    static Flag setting(String name, UnaryOperator<String> reading, String... targets) {
        Map<String, UnaryOperator<String>> map = new TreeMap<>();
        for (String target : targets) {
            map.put(target, reading);
        }
        return new Flag(name, false, map);
    }

    /**
     * A flag that we do not have.
     *
     * @param names of it and its kin
     * @param instead what to do instead, a sentence
     * @param harmless the value that asks for what is done anyway, so that it is no refusal
     */
    record Missing(List<String> names, String instead, Optional<String> harmless) {}
}
