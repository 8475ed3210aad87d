package io.millrace.livepeer.mapping;

import com.google.protobuf.ByteString;
import java.math.BigInteger;

/** Non-negative integers as the wire writes them: big-endian, no leading zeros, zero is empty. */
final class BigIntegers {

    /** Length of the largest integer, a 256-bit word. */
    static final int WORD = 32;

    private BigIntegers() {}

    static ByteString write(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return ByteString.copyFrom(bytes, sign, bytes.length - sign);
    }

    /** Leading zeros are accepted, more than 256 bits are not. */
    static BigInteger read(ByteString bytes, String name) throws Malformed {
        BigInteger value = bytes.size() > 2 * WORD ? null : new BigInteger(1, bytes.toByteArray());
        if (value == null || value.bitLength() > 8 * WORD) {
            throw new Malformed("invalid " + name + ": more than 256 bits");
        }
        return value;
    }

    /** As 32 bytes. */
    static byte[] word(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[WORD];
        int length = Math.min(bytes.length, WORD);
        System.arraycopy(bytes, bytes.length - length, word, WORD - length, length);
        return word;
    }
}
