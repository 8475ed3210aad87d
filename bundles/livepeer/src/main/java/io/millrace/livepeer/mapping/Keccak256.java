package io.millrace.livepeer.mapping;

import io.millrace.api.value.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keccak-256 as Ethereum uses it, which is SHA3-256 with the padding of the original submission; the
 * JDK has only the latter. Takes bytes as they come. Not thread-safe; one object makes one digest.
 */
public final class Keccak256 {

    /** Length of a digest in bytes. */
    public static final int LENGTH = 32;

    private static final int RATE = 136;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[] ROUND_CONSTANTS = roundConstants();
    private static final int[] ROTATIONS = new int[25];
    private static final int[] TARGETS = new int[25];

    static {
        // The rho and pi steps walk the lanes from (1, 0): lane (x, y) moves to (y, 2x + 3y).
        int x = 1;
        int y = 0;
        for (int step = 0; step < 24; step++) {
            int nextY = (2 * x + 3 * y) % 5;
            ROTATIONS[x + 5 * y] = (step + 1) * (step + 2) / 2 % 64;
            TARGETS[x + 5 * y] = y + 5 * nextY;
            x = y;
            y = nextY;
        }
    }

    private final long[] lanes = new long[25];
    private final long[] moved = new long[25];
    private final byte[] block = new byte[RATE];
    private int filled;

    /** The digest of all the parts, one after the other. */
    public static Bytes of(byte[]... parts) {
        Keccak256 keccak = new Keccak256();
        for (byte[] part : parts) {
            keccak.update(part, 0, part.length);
        }
        return keccak.digest();
    }

    /** The digest of {@code bytes}. */
    public static Bytes of(Bytes bytes) {
        return of(bytes.unsafeArray());
    }

    /** Takes some more bytes in. */
    public void update(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == 0 && left >= RATE) {
                absorb(bytes, from);
                from += RATE;
                left -= RATE;
            } else {
                int part = Math.min(left, RATE - filled);
                System.arraycopy(bytes, from, block, filled, part);
                filled += part;
                from += part;
                left -= part;
                if (filled == RATE) {
                    absorb(block, 0);
                    filled = 0;
                }
            }
        }
    }

    /** The digest of all that was taken in. */
    public Bytes digest() {
        Arrays.fill(block, filled, RATE, (byte) 0);
        block[filled] ^= 0x01;
        block[RATE - 1] ^= (byte) 0x80;
        absorb(block, 0);
        byte[] digest = new byte[LENGTH];
        for (int i = 0; i < LENGTH / Long.BYTES; i++) {
            LONGS.set(digest, i * Long.BYTES, lanes[i]);
        }
        return Bytes.wrap(digest);
    }

    private void absorb(byte[] bytes, int offset) {
        for (int i = 0; i < RATE / Long.BYTES; i++) {
            lanes[i] ^= (long) LONGS.get(bytes, offset + i * Long.BYTES);
        }
        for (long constant : ROUND_CONSTANTS) {
            theta();
            rhoAndPi();
            chi();
            lanes[0] ^= constant;
        }
    }

    private void theta() {
        long c0 = lanes[0] ^ lanes[5] ^ lanes[10] ^ lanes[15] ^ lanes[20];
        long c1 = lanes[1] ^ lanes[6] ^ lanes[11] ^ lanes[16] ^ lanes[21];
        long c2 = lanes[2] ^ lanes[7] ^ lanes[12] ^ lanes[17] ^ lanes[22];
        long c3 = lanes[3] ^ lanes[8] ^ lanes[13] ^ lanes[18] ^ lanes[23];
        long c4 = lanes[4] ^ lanes[9] ^ lanes[14] ^ lanes[19] ^ lanes[24];
        long d0 = c4 ^ Long.rotateLeft(c1, 1);
        long d1 = c0 ^ Long.rotateLeft(c2, 1);
        long d2 = c1 ^ Long.rotateLeft(c3, 1);
        long d3 = c2 ^ Long.rotateLeft(c4, 1);
        long d4 = c3 ^ Long.rotateLeft(c0, 1);
        for (int row = 0; row < 25; row += 5) {
            lanes[row] ^= d0;
            lanes[row + 1] ^= d1;
            lanes[row + 2] ^= d2;
            lanes[row + 3] ^= d3;
            lanes[row + 4] ^= d4;
        }
    }

    private void rhoAndPi() {
        for (int i = 0; i < 25; i++) {
            moved[TARGETS[i]] = Long.rotateLeft(lanes[i], ROTATIONS[i]);
        }
    }

    private void chi() {
        for (int row = 0; row < 25; row += 5) {
            long b0 = moved[row];
            long b1 = moved[row + 1];
            long b2 = moved[row + 2];
            long b3 = moved[row + 3];
            long b4 = moved[row + 4];
            lanes[row] = b0 ^ (~b1 & b2);
            lanes[row + 1] = b1 ^ (~b2 & b3);
            lanes[row + 2] = b2 ^ (~b3 & b4);
            lanes[row + 3] = b3 ^ (~b4 & b0);
            lanes[row + 4] = b4 ^ (~b0 & b1);
        }
    }

    /** Bits of a linear feedback shift register, at the positions 2^j - 1 of each round's lane. */
    private static long[] roundConstants() {
        long[] constants = new long[24];
        int register = 1;
        for (int round = 0; round < 24; round++) {
            for (int j = 0; j < 7; j++) {
                if ((register & 1) == 1) {
                    constants[round] |= 1L << ((1 << j) - 1);
                }
                register <<= 1;
                if ((register & 0x100) != 0) {
                    register ^= 0x171;
                }
            }
        }
        return constants;
    }
}
