package io.millrace.media.push;

import io.millrace.api.value.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** One request's body, read whole. Closing gives its room back to the budget. */
final class Body implements AutoCloseable {

    private static final int FIRST_BUFFER = 256 << 10;
    private static final int TRUSTED_LENGTH = 8 << 20;

    private final BodyBudget budget;
    private byte[] buffer = {};
    private int size;
    private long held;

    /** What became of reading. */
    enum Outcome {
        READ,
        TOO_LARGE,
        NO_ROOM
    }

    Body(BodyBudget budget) {
        this.budget = budget;
    }

    /**
     * Reads to the end, but not far beyond {@code limit}.
     *
     * @param announced the length that the sender gave, negative when it did not
     * @throws IOException when the body breaks off
     */
    Outcome read(InputStream in, long announced, int limit) throws IOException {
        if (announced > limit) {
            return discard(in, limit);
        }
        // a sender is believed for ordinary segments only: an announced length alone takes no memory
        if (!grow(announced > 0 && announced <= TRUSTED_LENGTH ? (int) announced : Math.min(FIRST_BUFFER, limit))) {
            return Outcome.NO_ROOM;
        }
        while (true) {
            size += in.readNBytes(buffer, size, buffer.length - size);
            int next = size < buffer.length ? -1 : in.read();
            if (next < 0) {
                return Outcome.READ;
            }
            if (size == limit) {
                release();
                return Outcome.TOO_LARGE;
            }
            if (!grow((int) Math.min(2L * size, limit))) {
                release();
                return Outcome.NO_ROOM;
            }
            buffer[size++] = (byte) next;
        }
    }

    /** The bytes; not copied, so the budget is held until the answer is sent. */
    Bytes bytes() {
        buffer = size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
        return Bytes.wrap(buffer);
    }

    int size() {
        return size;
    }

    private boolean grow(int capacity) {
        if (!budget.take(capacity - held)) {
            return false;
        }
        held = capacity;
        buffer = Arrays.copyOf(buffer, capacity);
        return true;
    }

    // A client that is still sending may never look at an answer: as much as go-livepeer reads is read here.
    private static Outcome discard(InputStream in, int limit) throws IOException {
        byte[] scratch = new byte[64 << 10];
        long discarded = 0;
        int read;
        while (discarded <= limit && (read = in.read(scratch)) >= 0) {
            discarded += read;
        }
        return Outcome.TOO_LARGE;
    }

    private void release() {
        budget.give(held);
        held = 0;
        buffer = new byte[0];
        size = 0;
    }

    @Override
    public void close() {
        release();
    }
}
