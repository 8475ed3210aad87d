package io.millrace.livepeer.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The DER bytes of a certificate that names no issuer, made to name one. A certificate is a sequence of
 * its content, the algorithm and the signature; its content begins with version, serial number and
 * algorithm, and the issuer comes fourth.
 */
final class EmptyIssuer {

    /** More than any certificate has. */
    static final int MAX_BYTES = 64 << 10;

    private static final int SEQUENCE = 0x30;
    private static final byte[] NONE = name("none");

    private EmptyIssuer() {}

    /** The same certificate with an issuer; empty when it has one, or is no certificate. */
    static Optional<byte[]> fill(byte[] certificate) {
        try {
            ByteBuffer outer = sequence(ByteBuffer.wrap(certificate));
            ByteBuffer content = sequence(outer);
            byte[] signature = rest(outer);
            int start = content.position();
            skip(content);
            skip(content);
            skip(content);
            byte[] before = between(content, start, content.position());
            if (sequence(content).hasRemaining()) {
                return Optional.empty();
            }
            byte[] filled = element(SEQUENCE, before, NONE, rest(content));
            return Optional.of(element(SEQUENCE, filled, signature));
        } catch (RuntimeException e) {
            // any byte string may come: reading past the end, or a length that is none
            return Optional.empty();
        }
    }

    /** A distinguished name of one common name. */
    private static byte[] name(String text) {
        byte[] commonName = {0x06, 0x03, 0x55, 0x04, 0x03};
        byte[] value = element(0x0c, text.getBytes(StandardCharsets.UTF_8));
        return element(SEQUENCE, element(0x31, element(SEQUENCE, commonName, value)));
    }

    private static ByteBuffer sequence(ByteBuffer in) {
        if ((in.get() & 0xff) != SEQUENCE) {
            throw new IllegalArgumentException("not a sequence");
        }
        return value(in);
    }

    private static void skip(ByteBuffer in) {
        in.get();
        value(in);
    }

    /** The value at the position, which moves behind it. */
    private static ByteBuffer value(ByteBuffer in) {
        int length = in.get() & 0xff;
        if (length > 0x7f) {
            int digits = length & 0x7f;
            if (digits > 3) {
                throw new IllegalArgumentException("too long");
            }
            length = 0;
            for (int i = 0; i < digits; i++) {
                length = length << 8 | in.get() & 0xff;
            }
        }
        ByteBuffer value = in.slice(in.position(), length);
        in.position(in.position() + length);
        return value;
    }

    private static byte[] rest(ByteBuffer in) {
        return between(in, in.position(), in.limit());
    }

    private static byte[] between(ByteBuffer in, int from, int to) {
        byte[] bytes = new byte[to - from];
        in.get(from, bytes);
        return bytes;
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > 0x7f) {
            int digits = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
            out.write(0x80 | digits);
            for (int i = digits - 1; i >= 0; i--) {
                out.write(length >>> 8 * i);
            }
        } else {
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
