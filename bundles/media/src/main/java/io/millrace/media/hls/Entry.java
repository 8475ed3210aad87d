package io.millrace.media.hls;

import io.millrace.api.value.Bytes;

/**
 * A slot as one rendition has it.
 *
 * @param slot its place
 * @param data the segment, null where it is missing
 * @param discontinuity its discontinuity sequence number
 * @param tagged whether the discontinuity tag stands before it
 */
record Entry(Slot slot, Bytes data, int discontinuity, boolean tagged) {

    boolean isGap() {
        return data == null;
    }

    long size() {
        return data == null ? 0 : data.size();
    }

    Entry withoutData() {
        return new Entry(slot, null, discontinuity, tagged);
    }
}
