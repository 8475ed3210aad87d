package io.millrace.ops.status;

import io.millrace.ops.web.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A node at one moment.
 *
 * @param data directory of the node's state
 * @param addresses open sockets by name
 * @param obstacles what keeps it from serving, one line each; empty when it is ready
 */
public record NodeStatus(
        String role,
        String version,
        long pid,
        String data,
        SequencedMap<String, URI> addresses,
        List<String> obstacles) {

    /** Nothing is in the way. */
    public boolean ready() {
        return obstacles.isEmpty();
    }

    /** All of it, in the order of the file. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("version", version);
        map.put("pid", pid);
        map.put("ready", ready());
        map.put("data", data);
        map.put("addresses", addresses);
        map.put("obstacles", obstacles);
        return map;
    }

    /** All of it as JSON. */
    public String toJson() {
        return Json.of(toMap());
    }
}
