package io.millrace.media.codec;

/** Counts the pictures of an H.265 byte stream. */
public final class HevcPictures {

    private VideoFormat format;
    private int count;

    /** What the parameter set in force says; null before the first. */
    public VideoFormat format() {
        return format;
    }

    /** Pictures that a decoder can show: none are counted before a parameter set is known. */
    public int count() {
        return count;
    }

    /** Takes one NAL unit, header included. */
    public void unit(byte[] bytes, int from, int to) throws UnreadableMedia {
        int type = bytes[from] >> 1 & 0x3f;
        if (type == 33) {
            format = HevcSps.parse(bytes, from, to);
        } else if (type < 32 && format != null && to - from > 2 && bytes[from + 2] < 0) {
            count++; // first_slice_segment_in_pic_flag
        }
    }
}
