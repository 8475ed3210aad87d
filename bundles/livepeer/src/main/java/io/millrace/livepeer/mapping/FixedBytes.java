package io.millrace.livepeer.mapping;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;

/**
 * Addresses and hashes, which the network reads leniently: of a longer byte string the end counts, a
 * shorter one is filled with zeros on the left.
 */
final class FixedBytes {

    private FixedBytes() {}

    static Address address(ByteString bytes) {
        return new Address(fit(bytes, Address.LENGTH));
    }

    static Bytes hash(ByteString bytes) {
        return fit(bytes, Keccak256.LENGTH);
    }

    static Bytes any(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }

    /** Without a copy: both sides are immutable. */
    static ByteString write(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
    }

    private static Bytes fit(ByteString bytes, int length) {
        byte[] fitted = new byte[length];
        int part = Math.min(bytes.size(), length);
        bytes.substring(bytes.size() - part).copyTo(fitted, length - part);
        return Bytes.wrap(fitted);
    }
}
