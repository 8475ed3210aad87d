package io.millrace.media.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the server's few and short messages, each as one write to the socket. */
final class ChunkWriter {

    private static final int CHUNK = 4096;
    private static final int INITIAL_CHUNK = 128;
    private static final int CONTROL_STREAM = 2;
    private static final int COMMAND_STREAM = 3;

    private final OutputStream out;
    private int chunk = INITIAL_CHUNK;

    ChunkWriter(OutputStream out) {
        this.out = out;
    }

    /** Announces a chunk size that holds each of the answers. */
    void announceChunkSize() throws IOException {
        control(Message.SET_CHUNK_SIZE, int32(CHUNK));
        chunk = CHUNK;
    }

    /** A message of the protocol itself. */
    void control(int type, byte[] payload) throws IOException {
        write(CONTROL_STREAM, type, 0, payload);
    }

    /** A command on a message stream. */
    void command(int stream, byte[] payload) throws IOException {
        write(COMMAND_STREAM, Message.COMMAND, stream, payload);
    }

    private void write(int chunkStream, int type, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 32);
        bytes.write(chunkStream);
        bytes.write(0);
        bytes.write(0);
        bytes.write(0);
        bytes.write(payload.length >> 16);
        bytes.write(payload.length >> 8);
        bytes.write(payload.length);
        bytes.write(type);
        bytes.write(stream);
        bytes.write(stream >> 8);
        bytes.write(stream >> 16);
        bytes.write(stream >> 24);
        for (int at = 0; at < payload.length; at += chunk) {
            if (at > 0) {
                bytes.write(0xc0 | chunkStream);
            }
            bytes.write(payload, at, Math.min(chunk, payload.length - at));
        }
        out.write(bytes.toByteArray());
        out.flush();
    }

    static byte[] int32(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }
}
