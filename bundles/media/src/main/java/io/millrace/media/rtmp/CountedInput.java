package io.millrace.media.rtmp;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads big-endian numbers and counts what was read. Not thread-safe. */
final class CountedInput {

    /** Bytes of its buffer. */
    static final int BUFFER = 64 << 10;

    private final BufferedInputStream in;
    private long count;

    CountedInput(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER);
    }

    /** Bytes read so far. */
    long count() {
        return count;
    }

    /** One byte, or -1 at the end. */
    int tryByte() throws IOException {
        int value = in.read();
        count += value < 0 ? 0 : 1;
        return value;
    }

    int uint8() throws IOException {
        int value = tryByte();
        if (value < 0) {
            throw new EOFException("the connection ended within a message");
        }
        return value;
    }

    int uint24() throws IOException {
        return uint8() << 16 | uint8() << 8 | uint8();
    }

    int int32() throws IOException {
        return uint24() << 8 | uint8();
    }

    int int32LittleEndian() throws IOException {
        return Integer.reverseBytes(int32());
    }

    /** Takes the next four bytes only when they are {@code expected}. */
    void skipIf(int expected) throws IOException {
        in.mark(4);
        long before = count;
        if (int32() != expected) {
            in.reset();
            count = before;
        }
    }

    /** Skips so many bytes. */
    void skip(int length) throws IOException {
        in.skipNBytes(length);
        count += length;
    }

    void fully(byte[] target, int from, int length) throws IOException {
        if (in.readNBytes(target, from, length) < length) {
            throw new EOFException("the connection ended within a message");
        }
        count += length;
    }
}
