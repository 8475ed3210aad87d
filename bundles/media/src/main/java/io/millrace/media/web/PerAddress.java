package io.millrace.media.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what each remote address has, so that one address cannot take all of it. Addresses of IPv6 count by
 * their first 64 bits, since a single client usually has all that begin with them. Thread-safe.
 */
public final class PerAddress {

    private static final int NETWORK_BYTES = 8;

    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /**
     * Counts one more for an address.
     *
     * @param address as a socket or a servlet request tells it
     * @param most how many an address may have; 0 for any number
     * @return false when it has so many already; nothing was counted then
     */
    public boolean enter(String address, int most) {
        boolean[] entered = new boolean[1];
        counts.compute(key(address), (key, before) -> {
            int now = before == null ? 0 : before;
            entered[0] = most == 0 || now < most;
            return entered[0] ? Integer.valueOf(now + 1) : before;
        });
        return entered[0];
    }

    /** Counts one less for an address, after one that was entered. */
    public void leave(String address) {
        counts.computeIfPresent(key(address), (key, before) -> before == 1 ? null : before - 1);
    }

    private static String key(String address) {
        String literal = address.replaceAll("[\\[\\]]|%.*", "");
        try {
            return InetAddress.ofLiteral(literal) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(six.getAddress(), 0, NETWORK_BYTES)
                    : literal;
        } catch (IllegalArgumentException e) {
            return address; // a server that does not know it says something else
        }
    }
}
