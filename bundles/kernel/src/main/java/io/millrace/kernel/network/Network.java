package io.millrace.kernel.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of addresses as operators write it: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
 *
 * @param prefix the address
 * @param bits how many of its leading bits count
 */
record Network(InetAddress prefix, int bits) {

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none; the message is for the operator
     */
    static Network of(String text) {
        String[] parts = text.strip().split("/", -1);
        String address = parts[0];
        // a name would be asked of a name server; only literals are read here
        if (parts.length > 2 || !address.matches("[0-9a-fA-F:.]+") || !address.matches(".*[:.].*")) {
            throw new IllegalArgumentException(wrong(text));
        }
        try {
            InetAddress prefix = InetAddress.getByName(address);
            int width = prefix.getAddress().length * 8;
            int bits = parts.length == 1 ? width : Integer.parseInt(parts[1]);
            if (bits < 0 || bits > width) {
                throw new IllegalArgumentException(wrong(text));
            }
            return new Network(prefix, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
    }

    private static String wrong(String text) {
        return "'" + text + "' is no network; write one like 10.0.0.0/8, fd00::/8 or 127.0.0.1";
    }

    /** Whether {@code address} is in it. */
    boolean contains(InetAddress address) {
        byte[] mine = prefix.getAddress();
        byte[] other = address.getAddress();
        int whole = bits / 8;
        int rest = bits % 8;
        return mine.length == other.length
                && Arrays.equals(mine, 0, whole, other, 0, whole)
                && (rest == 0
                        || ((mine[whole] & 0xff) >> 8 - rest) == ((other[whole] & 0xff) >> 8 - rest));
    }
}
