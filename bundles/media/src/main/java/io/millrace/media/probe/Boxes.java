package io.millrace.media.probe;

import io.millrace.media.codec.UnreadableMedia;
import java.nio.charset.StandardCharsets;

/**
 * Walks the boxes of one MP4 file (ISO/IEC 14496-12, 4.2), no more than a segment needs, and reads their
 * big-endian fields.
 */
final class Boxes {

    /**
     * Boxes read of one file, at most. A file of five minutes with a fragment for each of 60 pictures a second has
     * some 130,000.
     */
    private static final int MAX_BOXES = 1 << 18;

    private int visited;

    /** Receives the boxes in order. */
    @FunctionalInterface
    interface Visitor {

        /** One box: its four-letter type and its content. */
        void box(String type, int from, int to) throws UnreadableMedia;
    }

    /** Visits the boxes in {@code bytes[from..to)}; one that is longer than its parent ends with it. */
    void visit(byte[] bytes, int from, int to, Visitor visitor) throws UnreadableMedia {
        int at = from;
        while (at + 8 <= to) {
            long size = int32(bytes, at);
            int header = 8;
            if (size == 1 && at + 16 <= to) {
                size = int64(bytes, at + 8);
                header = 16;
            } else if (size == 0) {
                size = to - at;
            }
            if (size < header) {
                throw new UnreadableMedia("one of its MP4 boxes is shorter than its header");
            }
            int end = (int) Math.min(to, at + Math.min(size, Integer.MAX_VALUE));
            if (++visited > MAX_BOXES) {
                throw new UnreadableMedia("it has more than " + MAX_BOXES + " MP4 boxes");
            }
            visitor.box(type(bytes, at + 4), at + header, end);
            at = end;
        }
    }

    /** How many boxes have been read so far. */
    int visited() {
        return visited;
    }

    static String type(byte[] bytes, int at) {
        return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    }

    /** Throws when fewer than {@code count} bytes remain. */
    static void need(int from, int to, int count) throws UnreadableMedia {
        if (to - from < count) {
            throw new UnreadableMedia("one of its MP4 boxes ends too early");
        }
    }

    static int int16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    static long int32(byte[] bytes, int at) {
        return (long) int16(bytes, at) << 16 | int16(bytes, at + 2);
    }

    static long int64(byte[] bytes, int at) {
        return int32(bytes, at) << 32 | int32(bytes, at + 4);
    }
}
