package io.millrace.livepeer.mapping;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a body once, hashing while it arrives. Memory follows what has arrived: the announced length
 * only saves growing, it is never believed.
 */
public final class BodyReader {

    private static final int FIRST_BYTES = 256 << 10;

    private final long announced;
    private final Keccak256 keccak = new Keccak256();

    /** For a body of {@code announced} bytes, negative when its length is not known. */
    public BodyReader(long announced) {
        this.announced = announced;
    }

    /** All of {@code in}; empty when it is more than {@code limit} bytes. */
    public Optional<Bytes> read(InputStream in, long limit) throws IOException {
        byte[] bytes = new byte[capacity(0, limit)];
        int size = 0;
        int count = in.read(bytes, 0, bytes.length);
        while (count >= 0) {
            keccak.update(bytes, size, count);
            size += count;
            if (size > limit) {
                return Optional.empty();
            }
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, capacity(size, limit));
            }
            count = in.read(bytes, size, bytes.length - size);
        }
        return Optional.of(Bytes.wrap(Arrays.copyOf(bytes, size)));
    }

    /** The hash of what was read; once. */
    public Bytes hash() {
        return keccak.digest();
    }

    /** Always more than {@code size}: the end of the body is seen by asking for one byte more. */
    private int capacity(int size, long limit) {
        long doubled = Math.max(FIRST_BYTES, 2L * size);
        long hinted = announced >= size && announced < doubled ? announced + 1 : doubled;
        return (int) Math.min(hinted, Math.min(limit, Integer.MAX_VALUE - 16) + 1);
    }
}
