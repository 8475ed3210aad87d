package io.millrace.api.value;

import java.nio.charset.StandardCharsets;

/** An Ethereum address: exactly 20 bytes. {@link #NONE} stands for "no account", as off-chain. */
public record Address(Bytes bytes) {

    /** Length of an address in bytes. */
    public static final int LENGTH = 20;

    /** Twenty zero bytes, which is how the off-chain wire says "nobody". */
    public static final Address NONE = new Address(Bytes.wrap(new byte[LENGTH]));

    /** Checks the length. */
    public Address {
        if (bytes.size() != LENGTH) {
            throw new IllegalArgumentException("an address has 20 bytes, not " + bytes.size());
        }
    }

    /** Its text whose upper and lower case is a checksum (EIP-55), as go-livepeer writes addresses in messages. */
    public String checksummed() {
        String digits = bytes.hex();
        String hash = Keccak256.of(digits.getBytes(StandardCharsets.US_ASCII)).hex();
        StringBuilder text = new StringBuilder("0x");
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            text.append(hash.charAt(i) >= '8' ? Character.toUpperCase(digit) : digit);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "0x" + bytes.hex();
    }
}
