package io.millrace.ops.page;

import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvent.AttemptFailed;
import io.millrace.api.node.NodeEvent.SegmentSettled;
import io.millrace.api.node.NodeEvent.Selected;
import io.millrace.api.node.NodeEvent.StreamEnded;
import io.millrace.api.node.NodeEvent.StreamStarted;
import io.millrace.ops.page.SegmentRecord.FailedAttempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The last segments of one stream. Not thread-safe. */
final class StreamRecord {

    static final int SEGMENTS = 120;

    static final int FAILURES = 8;

    private static final class Course {
        private String chosenBecause = "";
        private final List<FailedAttempt> failures = new ArrayList<>();
    }

    private final TreeMap<Long, SegmentRecord> settled = new TreeMap<>();
    private final TreeMap<Long, Course> open = new TreeMap<>();
    private final String name;

    private Instant since;
    private String origin = "";
    private List<String> renditions = List.of();
    private Instant ended;
    private long segments;
    private long dropped;

    StreamRecord(String name, Instant since) {
        this.name = name;
        this.since = since;
    }

    void started(StreamStarted started, Instant now) {
        origin = started.origin();
        renditions = started.renditions();
        ended = null;
        if (!started.resumed()) {
            since = now;
            segments = 0;
            dropped = 0;
            settled.clear();
            open.clear();
        }
    }

    void selected(Selected selected) {
        course(selected.sequence()).chosenBecause = selected.candidates().stream()
                .filter(ranked -> ranked.candidate().offer().endpoint().equals(selected.chosen()))
                .findFirst()
                // An orchestrator may be reached under another address than the one it asks to be submitted to.
                .or(() -> selected.candidates().stream().filter(Ranked::eligible).findFirst())
                .map(Ranked::reason)
                .orElse("");
    }

    void failed(AttemptFailed failed) {
        List<FailedAttempt> failures = course(failed.sequence()).failures;
        if (failures.size() < FAILURES) {
            failures.add(new FailedAttempt(failed.orchestrator(), failed.reason()));
        }
    }

    void settled(SegmentSettled segment, Instant now) {
        Course course = open.remove(segment.sequence());
        settled.put(
                segment.sequence(),
                new SegmentRecord(
                        now,
                        segment,
                        course == null ? "" : course.chosenBecause,
                        course == null ? List.of() : List.copyOf(course.failures)));
        segments++;
        if (segment.outcome().equals("dropped")) {
            dropped++;
        }
        if (settled.size() > SEGMENTS) {
            settled.pollFirstEntry();
        }
    }

    void ended(StreamEnded event, Instant now) {
        ended = now;
        segments = event.segments();
        dropped = event.dropped();
        open.clear();
    }

    List<SegmentRecord> newest(int count) {
        return settled.descendingMap().values().stream().limit(count).toList().reversed();
    }

    String name() {
        return name;
    }

    Instant since() {
        return since;
    }

    String origin() {
        return origin;
    }

    List<String> renditions() {
        return renditions;
    }

    Optional<Instant> ended() {
        return Optional.ofNullable(ended);
    }

    long segments() {
        return segments;
    }

    long dropped() {
        return dropped;
    }

    private Course course(long sequence) {
        Course course = open.computeIfAbsent(sequence, number -> new Course());
        if (open.size() > SEGMENTS) {
            open.pollFirstEntry();
        }
        return course;
    }
}
