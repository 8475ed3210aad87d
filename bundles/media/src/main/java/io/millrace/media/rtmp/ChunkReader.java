package io.millrace.media.rtmp;

import io.millrace.api.resource.Budget;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts messages together from chunks (Adobe RTMP 1.0, 5.3). Memory grows with what has arrived, not
 * with what is announced, and is charged before it is taken; a message that finds no room is read past.
 */
final class ChunkReader {

    private static final int INITIAL_CHUNK = 128;
    private static final int EXTENDED = 0xffffff;

    /** Chunk streams of a connection at most; encoders use four to six. */
    private static final int MAX_STREAMS = 64;

    /** Messages of at most so many bytes, such as commands, are not charged one by one. */
    private static final int SMALL = 1 << 10;

    /** Bytes that small messages may take together; charged with the connection. */
    static final int SMALL_MESSAGES = MAX_STREAMS * SMALL;

    /** Room made for a message at first, in bytes. */
    private static final int FIRST_ROOM = 16 << 10;

    private final CountedInput in;
    private final int maxMessage;
    private final Budget.Charge charge;
    private final Map<Integer, ChunkStream> streams = new HashMap<>();
    private int chunkSize = INITIAL_CHUNK;
    private int pending;
    private byte[] handedOut;

    /** @param charge takes what is being put together; its owner closes it */
    ChunkReader(CountedInput in, int maxMessage, Budget.Charge charge) {
        this.in = in;
        this.maxMessage = maxMessage;
        this.charge = charge;
    }

    /** The size of the chunks that follow. */
    void chunkSize(int size) throws RtmpViolation {
        if (size < 1) {
            throw new RtmpViolation("a chunk size of " + Integer.toUnsignedString(size) + " is not possible");
        }
        chunkSize = size;
    }

    /** Forgets the half of a message that has arrived on a chunk stream. */
    void abort(int id) {
        ChunkStream stream = streams.get(id);
        if (stream != null && stream.begun) {
            pending -= stream.received;
            giveBack(stream.payload);
            stream.end();
        }
    }

    /**
     * The next whole message, or null when the client has closed between two. Its bytes are charged until the
     * next call.
     */
    Message read() throws IOException, RtmpViolation {
        giveBack(handedOut);
        handedOut = null;
        while (true) {
            int first = in.tryByte();
            if (first < 0) {
                return null;
            }
            ChunkStream stream = stream(id(first), first >> 6);
            header(stream, first >> 6);
            Message message = content(stream);
            if (message != null) {
                return message;
            }
        }
    }

    private int id(int first) throws IOException {
        int id = first & 0x3f;
        return switch (id) {
            case 0 -> 64 + in.uint8();
            case 1 -> 64 + in.uint8() + (in.uint8() << 8);
            default -> id;
        };
    }

    private ChunkStream stream(int id, int format) throws RtmpViolation {
        ChunkStream stream = streams.get(id);
        if (stream != null) {
            return stream;
        }
        if (format > 1) { // some clients begin a chunk stream with a header of type 1
            throw new RtmpViolation("chunk stream " + id + " begins without a header");
        }
        if (streams.size() == MAX_STREAMS) {
            throw new RtmpViolation("more than " + MAX_STREAMS + " chunk streams");
        }
        stream = new ChunkStream();
        streams.put(id, stream);
        return stream;
    }

    private void header(ChunkStream stream, int format) throws IOException, RtmpViolation {
        boolean begins = !stream.begun;
        if (format == 3) {
            if (stream.extended) {
                in.skipIf(stream.step); // repeated by most senders, left out by some
            }
            if (begins) {
                stream.timestamp += stream.step;
            }
            return;
        }
        if (!begins) {
            throw new RtmpViolation("a message begins before the one before it has ended");
        }
        int time = in.uint24();
        if (format < 2) {
            stream.length = in.uint24();
            stream.type = in.uint8();
        }
        if (format == 0) {
            stream.id = in.int32LittleEndian();
        }
        stream.extended = time == EXTENDED;
        stream.step = stream.extended ? in.int32() : time;
        stream.timestamp = format == 0 ? stream.step : stream.timestamp + stream.step;
    }

    private Message content(ChunkStream stream) throws IOException, RtmpViolation {
        if (!stream.begun) {
            if (stream.length > maxMessage) {
                throw new RtmpViolation("a message of " + stream.length + " bytes; at most " + maxMessage
                        + " are taken (setting messageBytes)");
            }
            stream.begun = true;
            room(stream, Math.min(stream.length, FIRST_ROOM));
        }
        int count = Math.min(chunkSize, stream.length - stream.received);
        if (pending + count > maxMessage) {
            throw new RtmpViolation("more than " + maxMessage + " bytes of unfinished messages (setting messageBytes)");
        }
        pending += count;
        while (count > 0) {
            if (stream.payload != null && stream.received == stream.payload.length) {
                room(stream, Math.min(stream.length, stream.received * 2));
            }
            int part = count;
            if (stream.payload == null) {
                in.skip(part);
            } else {
                part = Math.min(count, stream.payload.length - stream.received);
                in.fully(stream.payload, stream.received, part);
            }
            stream.received += part;
            count -= part;
        }
        if (stream.received < stream.length) {
            return null;
        }
        pending -= stream.received;
        handedOut = stream.payload;
        stream.end();
        return new Message(stream.type, stream.id, stream.timestamp, handedOut);
    }

    /** Makes the buffer of a message larger; without memory for it, the bytes of the message are dropped. */
    private void room(ChunkStream stream, int bytes) {
        byte[] before = stream.payload;
        boolean charged = bytes <= SMALL || charge.add(bytes);
        stream.payload = !charged ? null : before == null ? new byte[bytes] : Arrays.copyOf(before, bytes);
        giveBack(before);
    }

    private void giveBack(byte[] payload) {
        if (payload != null && payload.length > SMALL) {
            charge.remove(payload.length);
        }
    }

    /** What is remembered of a chunk stream: the header before, and the message that is arriving. */
    private static final class ChunkStream {
        private int timestamp;
        private int step;
        private boolean extended;
        private int length;
        private int type;
        private int id;
        private boolean begun;
        private byte[] payload;
        private int received;

        void end() {
            begun = false;
            payload = null;
            received = 0;
        }
    }
}
