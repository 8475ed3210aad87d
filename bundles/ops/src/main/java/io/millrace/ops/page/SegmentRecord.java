package io.millrace.ops.page;

import io.millrace.api.node.NodeEvent.SegmentSettled;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is remembered of a segment.
 *
 * @param chosenBecause why its orchestrator was chosen; empty when nobody said
 * @param failures attempts that failed before, in order
 */
record SegmentRecord(Instant at, SegmentSettled settled, String chosenBecause, List<FailedAttempt> failures) {

    record FailedAttempt(URI orchestrator, String reason) {}

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("sequence", settled.sequence());
        map.put("at", at.toEpochMilli());
        map.put("outcome", settled.outcome());
        map.put("reason", settled.reason());
        map.put("seconds", seconds(settled.duration()));
        map.put("workSeconds", seconds(settled.work()));
        map.put("tookSeconds", seconds(settled.took()));
        map.put("orchestrator", settled.orchestrator());
        map.put("chosenBecause", chosenBecause);
        map.put("attempts", settled.attempts());
        map.put(
                "failures",
                failures.stream()
                        .map(failure -> Map.of("orchestrator", failure.orchestrator(), "reason", failure.reason()))
                        .toList());
        map.put("sourceBytes", settled.sourceBytes());
        map.put("renditions", settled.renditions());
        map.put("bytes", settled.bytes());
        return map;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
