package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Properties of a configuration as text, since each program that sets them chooses its own types. */
final class Values {

    private static final String PID = "service.pid";
    private static final String FACTORY_PID = "service.factoryPid";

    private Values() {}

    /** A value as text; of several each, with commas between them. */
    static String text(Object value) {
        return switch (value) {
            case null -> "";
            case Object[] items -> Arrays.stream(items).map(Values::text).collect(Collectors.joining(","));
            case Collection<?> items -> items.stream().map(Values::text).collect(Collectors.joining(","));
            case Object array when array.getClass().isArray() -> IntStream.range(0, Array.getLength(array))
                    .mapToObj(i -> text(Array.get(array, i)))
                    .collect(Collectors.joining(","));
            default -> value.toString();
        };
    }

    static Optional<Pid> pid(Dictionary<String, Object> properties) {
        return properties.get(PID) instanceof String text
                ? Optional.of(pid(text, properties.get(FACTORY_PID) instanceof String kind ? kind : null))
                : Optional.empty();
    }

    /** One of several of a kind may have been given no name: then the number that it was given is one. */
    private static Pid pid(String pid, String factory) {
        if (factory == null || pid.startsWith(factory + "~")) {
            return Pid.of(pid);
        }
        return new Pid(factory, pid.startsWith(factory + ".") ? pid.substring(factory.length() + 1) : pid);
    }
}
