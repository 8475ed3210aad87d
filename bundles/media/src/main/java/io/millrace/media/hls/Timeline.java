package io.millrace.media.hls;

import io.millrace.api.gateway.Segment;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The slots of one stream, newest last. Not thread-safe. */
final class Timeline {

    /** Slots that are remembered, for renditions that come late. */
    static final int MEMORY = 1024;

    // players count in floating-point numbers
    private static final long MAX_FIRST = 1L << 52;

    private final Deque<SegmentSlot> slots = new ArrayDeque<>();

    /**
     * Gives a segment its place; empty when its number is not above the last one's.
     *
     * @param formatChanged whether a decoder has to begin anew
     */
    Optional<SegmentSlot> append(Segment segment, boolean formatChanged) {
        SegmentSlot last = slots.peekLast();
        if (last == null) {
            long first = segment.sequence() <= MAX_FIRST ? segment.sequence() : 0;
            return Optional.of(
                    add(new SegmentSlot(first, segment.sequence(), segment.duration(), segment.wallTime(), 0, false)));
        }
        if (segment.sequence() <= last.sequence()) {
            return Optional.empty();
        }
        boolean broken = segment.discontinuity() || formatChanged;
        Instant end = last.date().plus(last.duration());
        Instant date = broken && segment.wallTime().isAfter(end) ? segment.wallTime() : end;
        return Optional.of(add(new SegmentSlot(
                last.number() + 1,
                segment.sequence(),
                segment.duration(),
                date,
                last.breaks() + (broken ? 1 : 0),
                broken)));
    }

    /** What a successor needs to go on. */
    List<Map<String, Object>> state() {
        return slots.stream().map(SegmentSlot::state).toList();
    }

    static Timeline of(List<HandoverState> slots) {
        Timeline timeline = new Timeline();
        slots.forEach(saved -> timeline.add(SegmentSlot.of(saved)));
        return timeline;
    }

    private SegmentSlot add(SegmentSlot slot) {
        slots.addLast(slot);
        if (slots.size() > MEMORY) {
            slots.removeFirst();
        }
        return slot;
    }

    /** The slot of the segment with this number. */
    Optional<SegmentSlot> ofSequence(long sequence) {
        return slots.stream().filter(slot -> slot.sequence() == sequence).findFirst();
    }

    /** The slot with this media sequence number. */
    Optional<SegmentSlot> ofNumber(long number) {
        return slots.stream().filter(slot -> slot.number() == number).findFirst();
    }
}
