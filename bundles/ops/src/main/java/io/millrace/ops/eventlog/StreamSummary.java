package io.millrace.ops.eventlog;

import io.millrace.api.node.NodeEvent.SegmentSettled;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Counts what was logged of one stream, for the summary at its end. Not thread-safe. */
final class StreamSummary {

    private final String name;
    private URI orchestrator;
    private long complete;
    private long incomplete;
    private Duration video = Duration.ZERO;
    private Duration work = Duration.ZERO;

    StreamSummary(String name) {
        this.name = name;
    }

    /** Counts a segment that has its renditions; gives a line when it is the first, or came from another orchestrator. */
    Optional<String> transcoded(SegmentSettled segment) {
        complete++;
        video = video.plus(segment.duration());
        work = work.plus(segment.work());
        URI by = segment.orchestrator().orElse(null);
        URI before = orchestrator;
        orchestrator = by;
        if (by == null || by.equals(before)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                "stream %s: %s from %s%s, %s",
                name,
                LogText.count(segment.renditions().size(), "rendition"),
                LogText.text(by.toString()),
                before == null ? "" : " (until now " + LogText.text(before.toString()) + ")",
                LogText.speed(segment.work(), segment.duration())));
    }

    void missing() {
        incomplete++;
    }

    String summary(long segments, long dropped) {
        StringBuilder line = new StringBuilder(String.format("stream %s: ended after %s", name, LogText.count(segments, "segment")));
        if (complete > 0) {
            line.append(String.format(", %d transcoded (%s of video, %s)", complete, LogText.seconds(video), LogText.speed(work, video)));
        }
        long lost = Math.max(incomplete, dropped);
        if (lost > 0) {
            line.append(String.format(", %d without renditions", lost));
            if (dropped > 0) {
                line.append(String.format(" (%d of them dropped)", dropped));
            }
        }
        return line.toString();
    }
}
