package io.millrace.ffmpeg;

import java.util.Arrays;

/** Sequence parameter sets of H.264 (7.3.2.1.1) of pictures larger than anybody has. */
final class HugeSps {

    private long bits;
    private int count;

    private HugeSps() {}

    /** A unit with its start code, number 0, in place of the one that x264 has written. */
    static byte[] of(int macroblocksWide, int macroblocksHigh) {
        HugeSps sps = new HugeSps();
        byte[] unit = new byte[20];
        byte[] fixed = {0, 0, 0, 1, 0x67, 66, 0, 52};
        System.arraycopy(fixed, 0, unit, 0, fixed.length);
        // Number, bits of frame numbers, order counted by frames, references, gaps.
        sps.golomb(0).golomb(0).golomb(2).golomb(4).put(0, 1);
        sps.golomb(macroblocksWide - 1).golomb(macroblocksHigh - 1);
        // Whole frames, direct inference, no cropping, no usage information, the stop bit.
        sps.put(1, 1).put(1, 1).put(0, 1).put(0, 1).put(1, 1);
        sps.put(0, (8 - sps.count % 8) % 8);
        int length = sps.count / 8;
        for (int i = 0; i < length; i++) {
            unit[fixed.length + i] = (byte) (sps.bits >> 8 * (length - 1 - i));
        }
        return Arrays.copyOf(unit, fixed.length + length);
    }

    private HugeSps golomb(int number) {
        int length = 32 - Integer.numberOfLeadingZeros(number + 1);
        return put(0, length - 1).put(number + 1, length);
    }

    private HugeSps put(int number, int length) {
        bits = bits << length | number;
        count += length;
        return this;
    }

    /** A keyframe with another parameter set instead of its own; other pictures as they are. */
    static byte[] instead(byte[] picture, byte[] sps) {
        int from = unit(picture, 0, 7);
        int to = from < 0 ? -1 : unit(picture, from + 4, 8);
        return to < 0
                ? picture
                : SourceTest.joined(Arrays.copyOf(picture, from), sps, Arrays.copyOfRange(picture, to, picture.length));
    }

    /** Where a unit of that type begins, with its zeros; negative for nowhere. */
    private static int unit(byte[] picture, int from, int type) {
        for (int i = from; i + 4 < picture.length; i++) {
            if (picture[i] == 0 && picture[i + 1] == 0 && picture[i + 2] == 1 && (picture[i + 3] & 0x1f) == type) {
                return i > 0 && picture[i - 1] == 0 ? i - 1 : i;
            }
        }
        return -1;
    }
}
