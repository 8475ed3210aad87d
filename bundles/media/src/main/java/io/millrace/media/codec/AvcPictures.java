package io.millrace.media.codec;

/** Counts the pictures of an H.264 byte stream; the two fields of a frame count once. */
public final class AvcPictures {

    private AvcSps sps;
    private int count;
    private int openField = -1;
    private int openFrame = -1;

    /** The parameter set in force; null before the first. */
    public AvcSps sps() {
        return sps;
    }

    /** Pictures that a decoder can show: none are counted before a parameter set is known. */
    public int count() {
        return count;
    }

    /** Takes one NAL unit, header included. */
    public void unit(byte[] bytes, int from, int to) throws UnreadableMedia {
        int type = bytes[from] & 0x1f;
        if (type == 7) {
            sps = AvcSps.parse(bytes, from, to);
        } else if ((type == 1 || type == 5) && sps != null) {
            slice(bytes, from, to);
        }
    }

    private void slice(byte[] bytes, int from, int to) throws UnreadableMedia {
        boolean firstMacroblock = to - from > 1 && bytes[from + 1] < 0; // first_mb_in_slice is 0: a single bit 1
        if (!firstMacroblock) {
            return;
        }
        int field = -1;
        int frame = -1;
        if (!sps.framesOnly()) {
            BitReader in = BitReader.overNal(bytes, from + 1, Math.min(to, from + 32));
            in.unsigned(); // first_mb_in_slice
            in.unsigned(); // slice_type
            in.unsigned(); // pic_parameter_set_id
            if (sps.separatePlanes()) {
                in.bits(2); // colour_plane_id
            }
            frame = in.bits(sps.frameNumberBits());
            field = in.flag() ? in.bits(1) : -1;
        }
        boolean second = field >= 0 && openField >= 0 && field != openField && frame == openFrame;
        if (second) {
            openField = -1;
        } else {
            count++;
            openField = field;
            openFrame = frame;
        }
    }
}
