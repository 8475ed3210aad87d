package io.millrace.media.hls;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A segment's position in the time line that all renditions of a stream share.
 *
 * @param number media sequence number, one more than that of the slot before
 * @param sequence the segment's own number, which names its file
 * @param duration of the segment
 * @param date of its first frame: that of the slot before plus its duration, as long as nothing breaks
 * @param breaks its discontinuity sequence number in all renditions: how many breaks of the time line there were, up to
 *     and including its own
 * @param broken whether its time line or its format does not continue that of the slot before
 */
record SegmentSlot(long number, long sequence, Duration duration, Instant date, int breaks, boolean broken) {

    /** What a successor needs to go on. */
    Map<String, Object> state() {
        return Map.of(
                "number", number,
                "sequence", sequence,
                "duration", duration,
                "date", date,
                "breaks", breaks,
                "broken", broken);
    }

    static SegmentSlot of(HandoverState saved) {
        return new SegmentSlot(
                saved.get("number", Long.class),
                saved.get("sequence", Long.class),
                saved.get("duration", Duration.class),
                saved.get("date", Instant.class),
                saved.get("breaks", Integer.class),
                saved.get("broken", Boolean.class));
    }
}
