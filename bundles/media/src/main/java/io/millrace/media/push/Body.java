package io.millrace.media.push;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One request's body, read whole. It is charged piece by piece, before there is an array for a piece; closing
 * gives the charge back.
 */
final class Body implements AutoCloseable {

    private static final int PIECE = 256 << 10;

    private final Budget.Charge charge;
    private final List<byte[]> full = new ArrayList<>();
    private byte[] last = {};
    private int used;
    private int size;

    /** What became of reading. */
    enum Outcome {
        READ,
        TOO_LARGE,
        NO_ROOM
    }

    Body(Budget budget) {
        charge = budget.open("push upload");
    }

    /**
     * Reads to the end, but not beyond {@code limit}. An announced length is believed when half of it has come:
     * from then on the rest is read into one array with it, so that only a body of unknown length is put
     * together at its end. An announcement alone takes no memory.
     *
     * @param announced the length that the sender gave, negative when it did not
     * @throws IOException when the body breaks off
     */
    Outcome read(InputStream in, long announced, int limit) throws IOException {
        if (announced > limit) {
            discard(in, limit);
            return Outcome.TOO_LARGE;
        }
        int next;
        while ((next = in.read()) >= 0) {
            if (size == limit) {
                close();
                return Outcome.TOO_LARGE;
            }
            if (used == last.length && !grow((int) announced, limit)) {
                close();
                discard(in, limit);
                return Outcome.NO_ROOM;
            }
            last[used] = (byte) next;
            int read = in.readNBytes(last, used + 1, last.length - used - 1);
            used += 1 + read;
            size += 1 + read;
        }
        if (used == size && size == last.length || gather(size)) {
            return Outcome.READ;
        }
        close();
        return Outcome.NO_ROOM;
    }

    /** The bytes, not copied: they are charged until this is closed. */
    Bytes bytes() {
        return Bytes.wrap(last);
    }

    int size() {
        return size;
    }

    private boolean grow(int announced, int limit) {
        if (announced > size && announced <= 2L * size) {
            return gather(announced);
        }
        int length = announced > size ? Math.min(announced - size, PIECE) : Math.min(PIECE, limit - size);
        if (!charge.add(length)) {
            return false;
        }
        if (used > 0) {
            full.add(last);
        }
        last = new byte[length];
        used = 0;
        return true;
    }

    /** Puts all that was read into one array, which may have room for more. */
    private boolean gather(int length) {
        if (!charge.add(length)) {
            return false;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] piece : full) {
            System.arraycopy(piece, 0, whole, at, piece.length);
            at += piece.length;
            charge.remove(piece.length);
        }
        full.clear();
        System.arraycopy(last, 0, whole, at, used);
        if (last.length > 0) {
            charge.remove(last.length);
        }
        last = whole;
        used = size;
        return true;
    }

    // A client that is still sending may never look at an answer: as much as go-livepeer reads is read here.
    private static void discard(InputStream in, int limit) throws IOException {
        byte[] scratch = new byte[64 << 10];
        long discarded = 0;
        int read;
        while (discarded <= limit && (read = in.read(scratch)) >= 0) {
            discarded += read;
        }
    }

    @Override
    public void close() {
        charge.close();
        full.clear();
        last = new byte[0];
        used = 0;
        size = 0;
    }
}
