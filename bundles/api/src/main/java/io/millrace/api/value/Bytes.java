package io.millrace.api.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string with value equality. Construction from an array copies it;
 * {@link #wrap(byte[])} does not and is for arrays that nobody else will write to, such as a segment
 * that has just been read.
 */
public final class Bytes {

    /** The empty byte string. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** A copy of {@code array}. */
    public static Bytes of(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array.clone());
    }

    /** Takes {@code array} over without copying; the caller must not change it afterwards. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array);
    }

    /** The UTF-8 encoding of {@code text}. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Parses lower- or upper-case hexadecimal without a prefix. */
    public static Bytes hex(String text) {
        return wrap(HexFormat.of().parseHex(text));
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return array.clone();
    }

    /** The bytes themselves, not a copy: read only. */
    public byte[] unsafeArray() {
        return array;
    }

    /** Number of bytes. */
    public int size() {
        return array.length;
    }

    /** Whether there are no bytes. */
    public boolean isEmpty() {
        return array.length == 0;
    }

    /** The bytes decoded as UTF-8. */
    public String utf8() {
        return new String(array, StandardCharsets.UTF_8);
    }

    /** The bytes as lower-case hexadecimal. */
    public String hex() {
        return HexFormat.of().formatHex(array);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** Size and at most the first 16 bytes, so that a log line stays a line. */
    @Override
    public String toString() {
        String head = HexFormat.of().formatHex(array, 0, Math.min(16, array.length));
        return array.length + " bytes [" + head + (array.length > 16 ? "..." : "") + "]";
    }
}
