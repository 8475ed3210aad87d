package io.millrace.api.job;

import io.millrace.api.value.Bytes;

/**
 * A piece of a live session's media. Media travel in segments, and a segment may be handed on in pieces while it
 * is made, as the network's trickle protocol does.
 *
 * @param segment the segment's number, which only grows
 * @param data bytes of that segment, in order; may be empty for the last part
 * @param last whether the segment ends with this part
 */
public record MediaPart(long segment, Bytes data, boolean last) {

    /** A segment in one piece. */
    public static MediaPart whole(long segment, Bytes data) {
        return new MediaPart(segment, data, true);
    }
}
