package io.millrace.media.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;

/**
 * The simple handshake (Adobe RTMP 1.0, 5.2). A server version of zero tells clients that know the
 * digest handshake not to expect it.
 */
final class Handshake {

    private static final int PLAIN = 3;
    private static final int BLOCK = 1536;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {}

    static void answer(CountedInput in, OutputStream out) throws IOException, RtmpViolation {
        int version = in.tryByte();
        if (version != PLAIN) {
            throw new RtmpViolation(
                    version < 0
                            ? "it closed before it said anything"
                            : "it does not speak plain RTMP (first byte " + version + ")");
        }
        byte[] clients = new byte[BLOCK];
        in.fully(clients, 0, BLOCK);
        byte[] own = new byte[BLOCK];
        RANDOM.nextBytes(own);
        for (int i = 0; i < 8; i++) {
            own[i] = 0; // time and version
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream(1 + 2 * BLOCK);
        answer.write(PLAIN);
        answer.writeBytes(own);
        answer.writeBytes(clients);
        out.write(answer.toByteArray());
        out.flush();
        in.fully(clients, 0, BLOCK); // the echo, which some clients get wrong: it proves nothing
    }
}
