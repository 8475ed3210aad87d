package io.millrace.media.codec;

import java.io.ByteArrayOutputStream;

/** Writes bits, most significant first. */
final class BitWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int current;
    private int used;

    void bits(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            current = current << 1 | value >> i & 1;
            if (++used == 8) {
                out.write(current);
                current = 0;
                used = 0;
            }
        }
    }

    /** Copies at most 31 bits and returns them. */
    int copy(BitReader in, int count) throws UnreadableMedia {
        int value = in.bits(count);
        bits(value, count);
        return value;
    }

    void copyAll(BitReader in, int count) throws UnreadableMedia {
        for (int i = 0; i < count; i++) {
            copy(in, 1);
        }
    }

    /** Zeros up to a whole byte. */
    void align() {
        bits(0, used == 0 ? 0 : 8 - used);
    }

    /** What was written, up to the last whole byte. */
    byte[] bytes() {
        return out.toByteArray();
    }
}
