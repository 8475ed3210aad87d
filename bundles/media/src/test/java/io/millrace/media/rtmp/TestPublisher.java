package io.millrace.media.rtmp;

import io.millrace.media.rtmp.FlvTags.Tag;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A publisher that writes its own bytes: nothing of the server's chunk code is used. */
final class TestPublisher implements AutoCloseable {

    /** What the server said. */
    record Answer(int type, byte[] payload) {

        List<Object> values() throws RtmpViolation {
            return AmfReader.readAll(payload, 0);
        }

        /** The code of a status, or the empty text. */
        String code() throws RtmpViolation {
            return field("code");
        }

        String description() throws RtmpViolation {
            return field("description");
        }

        private String field(String name) throws RtmpViolation {
            return type == Message.COMMAND && values().getLast() instanceof Map<?, ?> map
                    ? String.valueOf(map.get(name))
                    : "";
        }
    }

    private static final int TIMEOUT_MILLIS = 20_000;

    final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int chunk = 128;
    private int serverChunk = 128;

    TestPublisher(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Connects and publishes; the answer to the publish command comes back. */
    static TestPublisher publish(TestServer server, String application, String name) throws Exception {
        TestPublisher publisher = new TestPublisher(server.server.port());
        publisher.handshake();
        publisher.connect(application);
        Answer answer = publisher.publish(name);
        if (!answer.code().equals("NetStream.Publish.Start")) {
            throw new AssertionError(answer.code() + ": " + answer.description());
        }
        return publisher;
    }

    void handshake() throws IOException {
        byte[] first = new byte[1537];
        new Random(3).nextBytes(first);
        first[0] = 3;
        out.write(first);
        byte[] answer = new byte[1 + 1536 + 1536];
        in.readFully(answer);
        if (answer[0] != 3 || !Arrays.equals(answer, 1537, 3073, first, 1, 1537)) {
            throw new AssertionError("the server's handshake is wrong");
        }
        out.write(answer, 1, 1536);
    }

    Answer connect(String application) throws Exception {
        command(0, "connect", 1, Map.of("app", application, "tcUrl", "rtmp://127.0.0.1/" + application));
        return status();
    }

    Answer publish(String name) throws Exception {
        command(0, "releaseStream", 2, null, name);
        command(0, "FCPublish", 3, null, name);
        command(0, "createStream", 4, null);
        command(1, "publish", 5, null, name, "live");
        Answer answer = status();
        while (answer.values().getFirst().equals("onFCPublish")) {
            answer = status();
        }
        return answer;
    }

    void command(int stream, Object... values) throws IOException {
        write(3, 0, Message.COMMAND, stream, AmfWriter.message(values));
    }

    void chunkSize(int size) throws IOException {
        write(2, 0, Message.SET_CHUNK_SIZE, 0, ChunkWriter.int32(size));
        chunk = size;
    }

    void send(List<Tag> tags, int offset) throws IOException {
        for (Tag tag : tags) {
            send(tag, offset);
        }
    }

    void send(Tag tag, int offset) throws IOException {
        write(tag.video() ? 6 : 4, tag.timestamp() + offset, tag.type(), 1, tag.payload());
    }

    /** One message, in chunks, with extended timestamps where needed. */
    void write(int chunkStream, int timestamp, int type, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean extended = Integer.compareUnsigned(timestamp, 0xffffff) >= 0;
        bytes.write(chunkStream);
        int24(bytes, extended ? 0xffffff : timestamp);
        int24(bytes, payload.length);
        bytes.write(type);
        bytes.write(stream);
        int24(bytes, 0);
        for (int at = 0; at < payload.length || at == 0; at += chunk) {
            if (at > 0) {
                bytes.write(0xc0 | chunkStream);
            }
            if (extended) {
                bytes.writeBytes(ChunkWriter.int32(timestamp));
            }
            bytes.write(payload, at, Math.min(chunk, payload.length - at));
        }
        out.write(bytes.toByteArray());
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** The next status or result with a map of words in it. */
    Answer status() throws Exception {
        Answer answer = read();
        while (answer.code().isEmpty()) {
            answer = read();
        }
        return answer;
    }

    /** Waits until the server has read all that was sent before. */
    void ping() throws IOException {
        write(2, 0, Message.USER_CONTROL, 0, new byte[] {0, 6, 0, 0, 0, 7});
        read(Message.USER_CONTROL);
    }

    /** The next message of a type. */
    Answer read(int type) throws IOException {
        Answer answer = read();
        while (answer.type() != type) {
            answer = read();
        }
        return answer;
    }

    Answer read() throws IOException {
        in.readUnsignedByte();
        in.skipNBytes(3);
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.skipNBytes(4);
        byte[] payload = new byte[length];
        for (int at = 0; at < length; at += serverChunk) {
            if (at > 0) {
                in.skipNBytes(1);
            }
            in.readFully(payload, at, Math.min(serverChunk, length - at));
        }
        if (type == Message.SET_CHUNK_SIZE) {
            serverChunk = (payload[2] & 0xff) << 8 | payload[3] & 0xff;
        }
        return new Answer(type, payload);
    }

    /** Reads until the server closes. */
    void awaitClose() throws IOException {
        try {
            while (true) {
                in.readByte();
            }
        } catch (EOFException | SocketException closed) {
            // a reset is a close that overtook our bytes
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static void int24(ByteArrayOutputStream bytes, int value) {
        bytes.write(value >> 16);
        bytes.write(value >> 8);
        bytes.write(value);
    }
}
