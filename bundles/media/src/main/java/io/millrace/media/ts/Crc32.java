package io.millrace.media.ts;

/** The checksum of programme sections (ISO/IEC 13818-1, annex A). */
final class Crc32 {

    private static final int POLYNOMIAL = 0x04c11db7;

    private Crc32() {}

    static int of(byte[] bytes, int from, int to) {
        int crc = -1;
        for (int i = from; i < to; i++) {
            crc ^= bytes[i] << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
            }
        }
        return crc;
    }
}
