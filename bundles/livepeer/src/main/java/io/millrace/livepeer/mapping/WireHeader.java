package io.millrace.livepeer.mapping;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.Base64;

/** A message in a header: its bytes in base64, the standard alphabet, padded. */
public final class WireHeader {

    /** What the network says of bytes that are no message. */
    public static final String NO_MESSAGE = "proto: cannot parse invalid wire-format data";

    private WireHeader() {}

    /** The header's value. */
    public static String encode(MessageLite message) {
        return Base64.getEncoder().encodeToString(message.toByteArray());
    }

    /** The bytes of a header's value; an absent header has none. */
    public static byte[] decode(String value) throws Malformed {
        if (value == null) {
            return new byte[0];
        }
        int wrong = firstWrong(value);
        if (wrong >= 0) {
            throw new Malformed("illegal base64 data at input byte " + wrong);
        }
        return Base64.getDecoder().decode(value);
    }

    /** The message in {@code bytes}. */
    public static <M extends MessageLite> M parse(Parser<M> parser, byte[] bytes) throws Malformed {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new Malformed(NO_MESSAGE);
        }
    }

    /** Where the text stops being base64, as the network counts it; -1 when it is base64 to the end. */
    private static int firstWrong(String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c == '=') {
                int place = i % 4;
                int end = i + 4 - place;
                if (place == 2 && i + 1 == length) {
                    return length;
                }
                if (place < 2 || place == 2 && value.charAt(i + 1) != '=') {
                    return i;
                }
                return length > end ? end : -1;
            }
            if (!isDigit(c)) {
                return i;
            }
        }
        return length % 4 == 0 ? -1 : length - length % 4;
    }

    private static boolean isDigit(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/';
    }
}
