package io.millrace.ops.bundles;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bundle as an operator sees it.
 *
 * @param name symbolic name
 * @param state OSGi's word
 * @param missing what it lacks or what went wrong, one line each; empty when all is well
 * @param id the framework's number for it
 * @param origin {@code node}, {@code deploy}, or {@code deploy, in place of the node's own}
 * @param file where it came from
 * @param since when it was installed or last replaced
 */
public record BundleState(
        String name,
        String version,
        String state,
        List<String> missing,
        long id,
        String origin,
        String file,
        Instant since) {

    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("version", version);
        map.put("state", state);
        map.put("missing", missing);
        map.put("id", id);
        map.put("origin", origin);
        map.put("file", file);
        map.put("since", since);
        return map;
    }
}
