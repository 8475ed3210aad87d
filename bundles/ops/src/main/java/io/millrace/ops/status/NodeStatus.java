package io.millrace.ops.status;

import io.millrace.ops.web.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A node at one moment.
 *
 * @param data directory of the node's state
 * @param addresses open sockets by name
 * @param obstacles what keeps it from serving, one line each; empty when it is ready
 * @param cautions what makes it do less than it could, one line each
 * @param console where the web console is; empty without one
 * @param budgets memory that the work of others takes and may take
 */
public record NodeStatus(
        String role,
        String version,
        long pid,
        String data,
        SequencedMap<String, URI> addresses,
        List<String> obstacles,
        List<String> cautions,
        Work work,
        Optional<URI> console,
        List<Memory> budgets) {

    /**
     * What it does.
     *
     * @param draining it takes nothing new and stops when what runs has ended
     * @param streams those of a gateway
     * @param sessions those of an orchestrator
     * @param maxSessions how many may run at once; 0 on a node that is no orchestrator
     */
    public record Work(boolean draining, int streams, int sessions, int maxSessions) {

        public static final Work NONE = new Work(false, 0, 0, 0);
    }

    public boolean ready() {
        return obstacles.isEmpty();
    }

    /** Whether the other is the same but for the use of memory, which changes all the time. */
    boolean like(NodeStatus other) {
        return equals(new NodeStatus(
                other.role, other.version, other.pid, other.data, other.addresses, other.obstacles, other.cautions,
                other.work, other.console, budgets));
    }

    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("version", version);
        map.put("pid", pid);
        map.put("ready", ready());
        map.put("data", data);
        map.put("addresses", addresses);
        map.put("console", console);
        map.put("obstacles", obstacles);
        map.put("cautions", cautions);
        map.put("draining", work.draining());
        map.put("streams", work.streams());
        map.put("sessions", work.sessions());
        map.put("maxSessions", work.maxSessions());
        Map<String, Object> megabytes = new LinkedHashMap<>();
        budgets.forEach(budget -> megabytes.put(
                budget.resource(),
                new TreeMap<>(Map.of(
                        "usedMegabytes", budget.usedMegabytes(), "limitMegabytes", budget.limitMegabytes()))));
        map.put("budgets", megabytes);
        return map;
    }

    public String toJson() {
        return Json.of(toMap());
    }
}
