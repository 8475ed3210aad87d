package io.millrace.ops.page;

import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.node.NodeEvent.JobServed;
import io.millrace.ops.eventlog.Warnings;
import io.millrace.ops.page.History.SessionRecord;
import io.millrace.ops.status.Load;
import io.millrace.ops.status.NodeStatus;
import io.millrace.ops.status.NodeView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Everything the pages show, at one moment. */
final class Snapshot {

    private final NodeView node;
    private final History history;
    private final Warnings warnings;
    private final InstantSource clock;

    Snapshot(NodeView node, History history, Warnings warnings, InstantSource clock) {
        this.node = node;
        this.history = history;
        this.warnings = warnings;
        this.clock = clock;
    }

    /**
     * The snapshot as a tree for JSON.
     *
     * @param stream only this one; null for all
     * @param segments newest segments of each stream to show
     * @param host the request's {@code Host}
     */
    Map<String, Object> toMap(String stream, int segments, String host) {
        NodeStatus status = node.status();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("now", clock.instant().toEpochMilli());
        map.put("node", status.toMap());
        map.put("load", Load.now().toMap());
        map.put("media", MediaOrigin.of(status.addresses().get("http"), host));
        map.put("streams", streams(stream, segments));
        map.put(
                "sessions",
                node.control().map(NodeControl::sessions).orElse(List.of()).stream().map(this::session).toList());
        map.put(
                "warnings",
                warnings.recent().stream()
                        .map(warning -> Map.of("at", warning.at().toEpochMilli(), "text", warning.text()))
                        .toList());
        return map;
    }

    private List<Map<String, Object>> streams(String only, int segments) {
        Map<String, StreamStatus> live = node.control().map(NodeControl::streams).orElse(List.of()).stream()
                .collect(Collectors.toMap(
                        stream -> stream.manifest().value(), Function.identity(), (a, b) -> b, LinkedHashMap::new));
        List<Map<String, Object>> running = new ArrayList<>();
        List<Map<String, Object>> over = new ArrayList<>();
        history.streams(stream -> {
            if (only == null || only.equals(stream.name())) {
                StreamStatus status = live.remove(stream.name());
                (status == null ? over : running).add(stream(stream, Optional.ofNullable(status), segments));
            }
            return stream.name();
        });
        live.values().stream()
                .filter(status -> only == null || only.equals(status.manifest().value()))
                .map(status -> stream(new StreamRecord(status.manifest().value(), status.since()), Optional.of(status), 0))
                .forEach(running::add);
        running.addAll(over);
        return running;
    }

    private static Map<String, Object> stream(StreamRecord stream, Optional<StreamStatus> status, int segments) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", stream.name());
        map.put("live", status.isPresent());
        map.put("origin", status.map(StreamStatus::origin).orElse(stream.origin()));
        map.put("since", status.map(StreamStatus::since).orElse(stream.since()).toEpochMilli());
        map.put("ended", stream.ended().map(Instant::toEpochMilli));
        map.put("renditions", status.map(StreamStatus::renditions).orElse(stream.renditions()));
        map.put("segments", status.map(StreamStatus::segments).orElse(stream.segments()));
        map.put("dropped", status.map(StreamStatus::dropped).orElse(stream.dropped()));
        map.put("inFlight", status.map(StreamStatus::inFlight).orElse(0));
        map.put("orchestrator", status.flatMap(StreamStatus::orchestrator));
        map.put("recent", stream.newest(segments).stream().map(SegmentRecord::toMap).toList());
        return map;
    }

    private Map<String, Object> session(SessionStatus session) {
        SessionRecord known = history.session(session.session());
        JobServed last = known.last();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("session", session.session());
        map.put("manifest", known.manifest());
        map.put("since", session.since().toEpochMilli());
        map.put("segments", session.segments());
        map.put("queued", session.queued());
        map.put("failed", known.failed());
        map.put("lastSeconds", last == null ? null : last.duration().toMillis() / 1e3);
        map.put("lastWorkSeconds", last == null ? null : last.took().toMillis() / 1e3);
        return map;
    }
}
