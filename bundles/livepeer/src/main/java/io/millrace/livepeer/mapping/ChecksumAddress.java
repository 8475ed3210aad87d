package io.millrace.livepeer.mapping;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.nio.charset.StandardCharsets;

/** An address as text whose upper and lower case is a checksum (EIP-55), which nodes sign. */
public final class ChecksumAddress {

    private ChecksumAddress() {}

    /** The text, with the leading {@code 0x}. */
    public static String text(Address address) {
        String digits = address.bytes().hex();
        String hash = Keccak256.of(ascii(digits)).hex();
        StringBuilder text = new StringBuilder("0x");
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            text.append(hash.charAt(i) >= '8' ? Character.toUpperCase(digit) : digit);
        }
        return text.toString();
    }

    /** What the account signs to prove itself in a request for an offer. */
    public static Bytes digest(Address address) {
        return Keccak256.of(ascii(text(address)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
