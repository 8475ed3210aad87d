package io.millrace.media.codec;

/** Finds NAL units between start codes (ISO/IEC 14496-10, annex B). */
public final class NalUnits {

    private NalUnits() {}

    /** Receives the units in order. */
    @FunctionalInterface
    public interface Visitor {

        /** One unit without its start code: {@code bytes[from..to)}, never empty. */
        void unit(byte[] bytes, int from, int to) throws UnreadableMedia;
    }

    /** Visits every unit in {@code bytes[from..to)}; bytes before the first start code belong to none. */
    public static void visit(byte[] bytes, int from, int to, Visitor visitor) throws UnreadableMedia {
        int start = next(bytes, from, to);
        while (start < to) {
            int begin = start + 3;
            int following = next(bytes, begin, to);
            int end = following;
            while (end > begin && bytes[end - 1] == 0) {
                end--; // trailing_zero_8bits, and the first byte of a four-byte start code
            }
            if (end > begin) {
                visitor.unit(bytes, begin, end);
            }
            start = following;
        }
    }

    /** Where the next start code 00 00 01 is, or {@code to}. */
    private static int next(byte[] bytes, int from, int to) {
        int i = from;
        while (i + 2 < to) {
            int third = bytes[i + 2];
            if (third > 1 || third < 0) {
                i += 3;
            } else if (third == 1 && bytes[i] == 0 && bytes[i + 1] == 0) {
                return i;
            } else {
                i++;
            }
        }
        return to;
    }
}
