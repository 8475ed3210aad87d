package io.millrace.wallet.keystore;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * scrypt (RFC 7914). Its large table lies in native memory, which is wiped and given back at the end: 256 MB of the
 * heap at once may be more than a node has, and a heap that is full ends it. Bouncy Castle has the table in the heap,
 * and takes no n of 65536 or more with an r of 1, which a test vector of the keystore format has.
 */
final class ScryptTable {

    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int SALSA = 16;

    private final int n;
    private final int words;
    private final MemorySegment table;
    private final int[] drawn;
    private final int[] mixed;
    private final int[] last = new int[SALSA];
    private final int[] salsa = new int[SALSA];

    private ScryptTable(int n, int r, Arena arena) {
        this.n = n;
        this.words = 2 * SALSA * r;
        this.table = arena.allocate((long) n * words * Integer.BYTES, Integer.BYTES);
        this.drawn = new int[words];
        this.mixed = new int[words];
    }

    /** Mixes each of {@code p} blocks of 128 r bytes; n is a power of two. */
    static void mix(byte[] blocks, int n, int r, int p) {
        try (Arena arena = Arena.ofConfined()) {
            ScryptTable scrypt = new ScryptTable(n, r, arena);
            for (int i = 0; i < p; i++) {
                scrypt.mix(MemorySegment.ofArray(blocks).asSlice(128L * r * i, 128L * r));
            }
            scrypt.table.fill((byte) 0);
        }
    }

    private void mix(MemorySegment bytes) {
        int[] block = new int[words];
        MemorySegment.copy(bytes, WORD, 0, block, 0, words);
        for (int i = 0; i < n; i++) {
            MemorySegment.copy(block, 0, table, ValueLayout.JAVA_INT, row(i), words);
            mixBlock(block);
        }
        for (int i = 0; i < n; i++) {
            MemorySegment.copy(table, ValueLayout.JAVA_INT, row(block[words - SALSA] & (n - 1)), drawn, 0, words);
            for (int k = 0; k < words; k++) {
                block[k] ^= drawn[k];
            }
            mixBlock(block);
        }
        MemorySegment.copy(block, 0, bytes, WORD, 0, words);
        Arrays.fill(block, 0);
    }

    private long row(int number) {
        return (long) number * words * Integer.BYTES;
    }

    /** BlockMix: those of even number come first. */
    private void mixBlock(int[] block) {
        System.arraycopy(block, words - SALSA, last, 0, SALSA);
        for (int from = 0; from < words; from += SALSA) {
            for (int k = 0; k < SALSA; k++) {
                last[k] ^= block[from + k];
            }
            salsa();
            int number = from / SALSA;
            System.arraycopy(last, 0, mixed, (number / 2 + number % 2 * (words / SALSA / 2)) * SALSA, SALSA);
        }
        System.arraycopy(mixed, 0, block, 0, words);
    }

    /** Salsa20/8. */
    private void salsa() {
        int[] x = salsa;
        System.arraycopy(last, 0, x, 0, SALSA);
        for (int i = 0; i < 4; i++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        for (int k = 0; k < SALSA; k++) {
            last[k] += x[k];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }
}
