package io.millrace.media.hls;

import io.millrace.api.value.Bytes;
import java.util.HashMap;
import java.util.Map;

/**
 * A slot as one rendition has it.
 *
 * @param slot its place
 * @param data the segment, null where it is missing
 * @param discontinuity its discontinuity sequence number
 * @param tagged whether the discontinuity tag stands before it
 */
record PlaylistEntry(SegmentSlot slot, Bytes data, int discontinuity, boolean tagged) {

    boolean isGap() {
        return data == null;
    }

    /** What a successor needs to go on. */
    Map<String, Object> estate() {
        Map<String, Object> estate =
                new HashMap<>(Map.of("slot", slot.estate(), "discontinuity", discontinuity, "tagged", tagged));
        if (data != null) {
            estate.put("data", data);
        }
        return estate;
    }

    static PlaylistEntry of(HandoverState left) {
        return new PlaylistEntry(
                SegmentSlot.of(new HandoverState(left.get("slot", Map.class))),
                left.find("data", Bytes.class).orElse(null),
                left.get("discontinuity", Integer.class),
                left.get("tagged", Boolean.class));
    }

    PlaylistEntry withoutData() {
        return new PlaylistEntry(slot, null, discontinuity, tagged);
    }
}
