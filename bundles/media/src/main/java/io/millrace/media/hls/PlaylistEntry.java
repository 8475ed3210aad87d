package io.millrace.media.hls;

import io.millrace.api.value.Bytes;
import java.util.HashMap;
import java.util.Map;

/**
 * A position of the time line in the playlist of one rendition.
 *
 * @param slot its place
 * @param data the segment, null where it is missing
 */
record PlaylistEntry(SegmentSlot slot, Bytes data) {

    boolean isGap() {
        return data == null;
    }

    /** What a successor needs to go on. */
    Map<String, Object> state() {
        Map<String, Object> state = new HashMap<>(Map.of("slot", slot.state()));
        if (data != null) {
            state.put("data", data);
        }
        return state;
    }

    static PlaylistEntry of(HandoverState saved) {
        return new PlaylistEntry(
                SegmentSlot.of(new HandoverState(saved.get("slot", Map.class))),
                saved.find("data", Bytes.class).orElse(null));
    }

    PlaylistEntry withoutData() {
        return new PlaylistEntry(slot, null);
    }
}
