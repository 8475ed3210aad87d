package io.millrace.http.gate;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a servlet's service properties ask for.
 *
 * @param servers names of the servers it wants to be served on
 * @param paths servlet patterns
 * @param ranking the highest serves; of equals, the newest
 * @param serviceId grows with age of the framework
 * @param openBody its request bodies may last and pause as long as they like
 * @param parameters its init parameters
 */
public record ServletTerms(
        List<String> servers,
        List<String> paths,
        int ranking,
        long serviceId,
        boolean openBody,
        Map<String, String> parameters) {

    /** Service property: name or names of the servers. */
    public static final String SERVER = "millrace.http.server";
    /** Service property: servlet pattern or patterns. */
    public static final String PATH = "millrace.http.path";
    /** Service property: {@code true} lifts the bounds on size and slowness of request bodies. */
    public static final String OPEN_BODY = "millrace.http.openBody";
    /** Prefix of service properties that become init parameters. */
    public static final String INIT = "init.";

    /** Copies the collections. */
    public ServletTerms {
        servers = List.copyOf(servers);
        paths = List.copyOf(paths);
        parameters = Map.copyOf(parameters);
    }

    /** Reads service properties. */
    public static ServletTerms of(Map<String, ?> properties) {
        var parameters = new HashMap<String, String>();
        properties.forEach((key, value) -> {
            if (key.startsWith(INIT)) {
                parameters.put(key.substring(INIT.length()), String.valueOf(value));
            }
        });
        return new ServletTerms(
                strings(properties.get(SERVER)),
                strings(properties.get(PATH)),
                properties.get("service.ranking") instanceof Integer ranking ? ranking : 0,
                properties.get("service.id") instanceof Long id ? id : 0,
                Boolean.parseBoolean(String.valueOf(properties.get(OPEN_BODY))),
                parameters);
    }

    private static List<String> strings(Object value) {
        return switch (value) {
            case null -> List.of();
            case String one -> List.of(one);
            case Object[] many -> Arrays.stream(many).map(Objects::toString).toList();
            case Collection<?> many -> many.stream().map(Objects::toString).toList();
            default -> List.of(value.toString());
        };
    }
}
