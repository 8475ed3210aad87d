package io.millrace.media.codec;

/** Reads bits, most significant first; reading past the end is {@link UnreadableMedia}. */
final class BitReader {

    /** Exp-Golomb codes of parameter sets stay below 32 bits. */
    private static final int LONGEST_PREFIX = 31;

    private final byte[] array;
    private final long end;
    private long position;

    private BitReader(byte[] array, int from, int to) {
        this.array = array;
        this.position = from * 8L;
        this.end = to * 8L;
    }

    /** Over bytes as they are. */
    static BitReader over(byte[] array, int from, int to) {
        return new BitReader(array, from, to);
    }

    /** Over a NAL unit, its emulation prevention bytes removed (ISO/IEC 14496-10, 7.4.1). */
    static BitReader overNal(byte[] nal, int from, int to) {
        byte[] clean = new byte[to - from];
        int length = 0;
        int zeros = 0;
        for (int i = from; i < to; i++) {
            if (zeros >= 2 && nal[i] == 3) {
                zeros = 0;
                continue;
            }
            zeros = nal[i] == 0 ? zeros + 1 : 0;
            clean[length++] = nal[i];
        }
        return new BitReader(clean, 0, length);
    }

    boolean flag() throws UnreadableMedia {
        return bits(1) == 1;
    }

    int bits(int count) throws UnreadableMedia {
        need(count);
        int value = 0;
        for (int i = 0; i < count; i++, position++) {
            int bit = array[(int) (position >> 3)] >> (7 - (position & 7)) & 1;
            value = value << 1 | bit;
        }
        return value;
    }

    void skip(int count) throws UnreadableMedia {
        need(count);
        position += count;
    }

    /** Goes to the next whole byte. */
    void align() {
        position = position + 7 & ~7L;
    }

    /** Unsigned Exp-Golomb, ue(v). */
    int unsigned() throws UnreadableMedia {
        int zeros = 0;
        while (!flag()) {
            if (++zeros > LONGEST_PREFIX) {
                throw new UnreadableMedia("a number in a parameter set is too long");
            }
        }
        long value = (1L << zeros) - 1 + (zeros == 0 ? 0 : Integer.toUnsignedLong(bits(zeros)));
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    /** Signed Exp-Golomb, se(v). */
    int signed() throws UnreadableMedia {
        int code = unsigned();
        return (code & 1) == 1 ? (code >>> 1) + 1 : -(code >>> 1);
    }

    private void need(int count) throws UnreadableMedia {
        if (position + count > end) {
            throw new UnreadableMedia("a parameter set ends too early");
        }
    }
}
