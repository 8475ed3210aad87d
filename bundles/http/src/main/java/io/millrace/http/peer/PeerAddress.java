package io.millrace.http.peer;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * What counts as one remote address: an IPv4 address, or an IPv6 network of 64 bits, since one host has all addresses
 * of such a network.
 *
 * @param network the address; of IPv6 with the lower half cleared
 */
public record PeerAddress(InetAddress network) {

    private static final int NETWORK_BYTES = 8;

    /** The address of a socket's other end; that of the loopback when the socket is closed already. */
    public static PeerAddress of(SocketAddress remote) {
        return remote instanceof InetSocketAddress socket && socket.getAddress() != null
                ? of(socket.getAddress())
                : new PeerAddress(InetAddress.getLoopbackAddress());
    }

    static PeerAddress of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return new PeerAddress(address);
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return new PeerAddress(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 16 bytes was refused", e);
        }
    }
}
