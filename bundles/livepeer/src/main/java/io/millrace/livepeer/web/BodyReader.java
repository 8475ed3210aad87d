package io.millrace.livepeer.web;

import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Keccak256;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a body once, into memory that is charged before it is taken. Memory follows what has arrived: a length that
 * the sender announces is believed once a quarter of it is here.
 */
public final class BodyReader {

    /** Bytes a second on average that a sender keeps up; less is cut off after {@link #PATIENCE}. */
    static final long LEAST_RATE = 16 << 10;
    /** How long a body may be slower than that. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int FIRST_BYTES = 64 << 10;

    private final Budget.Charge charge;
    private final Deadline deadline;
    private final InstantSource clock;
    private final Optional<Keccak256> keccak;

    private BodyReader(Budget.Charge charge, Deadline deadline, InstantSource clock, Optional<Keccak256> keccak) {
        this.charge = charge;
        this.deadline = deadline;
        this.clock = clock;
        this.keccak = keccak;
    }

    /** For a body that is here before {@code deadline}; its bytes stay on {@code charge}, which the caller closes. */
    public static BodyReader of(Budget.Charge charge, Deadline deadline, InstantSource clock) {
        return new BodyReader(charge, deadline, clock, Optional.empty());
    }

    /** The same, hashing what arrives. */
    public static BodyReader hashing(Budget.Charge charge, Deadline deadline, InstantSource clock) {
        return new BodyReader(charge, deadline, clock, Optional.of(new Keccak256()));
    }

    /**
     * All of {@code in}.
     *
     * @param announced its length as the sender says, negative when it does not
     * @param limit largest size, in bytes
     * @throws BodyException when it is too large, too slow, late, or finds no memory
     * @throws IOException when it broke off
     */
    public Bytes read(InputStream in, long announced, long limit) throws IOException {
        if (announced > limit) {
            throw tooLarge(limit);
        }
        // the rate is that of the sender: what a peer works before its first byte is bounded by the deadline alone
        Optional<Instant> begun = Optional.empty();
        byte[] bytes = new byte[charged(capacity(0, announced, limit))];
        int size = 0;
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes, size, bytes.length - size)) {
            begun = begun.or(() -> Optional.of(clock.instant()));
            int from = size;
            size += count;
            if (size == bytes.length) {
                // The end is seen by asking for one byte more, for which a body of the announced size needs no room.
                int next = in.read();
                if (next < 0) {
                    update(bytes, from, size);
                    return Bytes.wrap(bytes);
                }
                if (size >= limit) {
                    throw tooLarge(limit);
                }
                bytes = grown(bytes, capacity(size + 1, announced, limit));
                bytes[size++] = (byte) next;
            }
            update(bytes, from, size);
            checkPace(size, begun.get());
        }
        return Bytes.wrap(grown(bytes, size));
    }

    /** The next {@code length} bytes of {@code in}, or fewer at its end; otherwise as {@link #read}. */
    public Bytes part(InputStream in, int length) throws IOException {
        return read(new Part(in, length), length, length);
    }

    /** The bytes are handed over: whoever takes them charges them at once, and they count here no longer. */
    public void handOver() {
        charge.close();
    }

    /** The hash of what was read; once. */
    public Bytes hash() {
        return keccak.orElseThrow().digest();
    }

    private static final class Part extends InputStream {

        private final InputStream in;
        private int left;

        Part(InputStream in, int length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            left--;
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(bytes, from, Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }

    private void update(byte[] bytes, int from, int to) {
        keccak.ifPresent(hash -> hash.update(bytes, from, to - from));
    }

    /** Another array with the same content; for the moment of copying both are charged. */
    private byte[] grown(byte[] bytes, int capacity) throws BodyException {
        byte[] other = Arrays.copyOf(bytes, charged(capacity));
        charge.remove(bytes.length);
        return other;
    }

    private int charged(int capacity) throws BodyException {
        if (!charge.add(capacity)) {
            throw new BodyException(Refusal.Reason.BUSY, "this node has no memory left for it");
        }
        return capacity;
    }

    private void checkPace(long size, Instant begun) throws BodyException {
        Instant now = clock.instant();
        if (!now.isBefore(deadline.at())) {
            throw new DeadlineExceededException();
        }
        Duration taken = Duration.between(begun, now);
        if (taken.compareTo(PATIENCE) > 0 && size < taken.toMillis() * LEAST_RATE / 1000) {
            throw new BodyException(
                    Refusal.Reason.BODY_UNREADABLE,
                    "it comes with less than " + LEAST_RATE + " bytes a second on average");
        }
    }

    private static BodyException tooLarge(long limit) {
        return new BodyException(Refusal.Reason.BODY_TOO_LARGE, "it is over " + limit + " bytes");
    }

    /** Room for {@code size} bytes and, if there may be some, for more. */
    private static int capacity(int size, long announced, long limit) {
        long next = Math.max(FIRST_BYTES, 2L * size);
        if (announced >= size && announced <= Math.max(FIRST_BYTES, 4L * size)) {
            next = announced;
        }
        return (int) Math.min(next, Math.min(limit, Integer.MAX_VALUE - 16));
    }
}
