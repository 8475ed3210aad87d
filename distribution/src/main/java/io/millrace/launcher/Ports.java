package io.millrace.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Free ports on this machine: the usual one where it is free, else another. */
public final class Ports {

    private final Set<Integer> given = new HashSet<>();

    /** The usual port, or another; never the same one twice. */
    public int freeNear(int usual) {
        for (int port : new int[] {usual, 0}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                if (given.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                // Taken: another one is asked for.
            }
        }
        throw new Refused("No free port was found on this machine.");
    }
}
