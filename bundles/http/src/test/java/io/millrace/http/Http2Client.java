package io.millrace.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/** Sends HTTP/2 frames as they are written down here, right or wrong (RFC 9113 section 4.1). */
final class Http2Client implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GO_AWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int ACK = 1;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {

        /** The error code of a RST_STREAM. */
        int error() {
            return ByteBuffer.wrap(payload).getInt();
        }
    }

    /** Takes a new connection to a plain port; the settings are pairs of identifier and value. */
    Http2Client(Socket socket, int... settings) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        var payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        send(SETTINGS, 0, 0, payload.array());
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(frame(type, flags, stream, payload));
        out.flush();
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        var frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        return frame.put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
    }

    /** A header block of literals that are not indexed (RFC 7541 section 6.2.2), each "name: value". */
    static byte[] headers(List<String> lines) {
        var block = new ByteArrayOutputStream();
        for (String line : lines) {
            int colon = line.indexOf(": ", 1);
            block.write(0);
            text(block, line.substring(0, colon));
            text(block, line.substring(colon + 2));
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        if (text.length() < 127) {
            block.write(text.length());
        } else {
            block.write(127);
            for (int rest = text.length() - 127; ; rest >>>= 7) {
                block.write(rest < 128 ? rest : rest & 127 | 128);
                if (rest < 128) {
                    break;
                }
            }
        }
        block.writeBytes(text.getBytes(US_ASCII));
    }

    /** The next frame of a stream, or GOAWAY. */
    Frame await(int stream) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
                send(SETTINGS, ACK, 0, new byte[0]);
            }
            if (frame.type() == GO_AWAY || frame.stream() == stream && frame.type() != WINDOW_UPDATE) {
                return frame;
            }
        }
    }

    private Frame read() throws IOException {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
