package io.millrace.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Ports on this machine: which are free, and whether those of a node are. */
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

    /**
     * Tries the ports that a node is about to open.
     *
     * @param settings of its run, {@code PID/key}
     * @throws Refused with a line for each that it cannot have
     */
    static void check(Properties settings) {
        List<String> lines = new ArrayList<>();
        for (String key : new TreeSet<>(settings.stringPropertyNames())) {
            String pid = key.substring(0, key.lastIndexOf('/'));
            if (key.endsWith("/address") && (pid.startsWith("io.millrace.http~") || pid.equals("io.millrace.media.rtmp"))) {
                String address = settings.getProperty(key);
                problem(address).ifPresent(why -> lines.add("The node is not started: " + address + " (" + pid
                        + ".address) cannot be opened: " + why + ". Stop what has it (ss -ltnp shows it), or set another."));
            }
        }
        if (!lines.isEmpty()) {
            throw Refused.failed(String.join(System.lineSeparator(), lines));
        }
    }

    private static Optional<String> problem(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "" : address.substring(0, colon);
        try (ServerSocket socket = new ServerSocket()) {
            int port = Integer.parseInt(address.substring(colon + 1).strip());
            // As servers open it: what a connection that has just ended leaves behind is not in the way.
            socket.setReuseAddress(true);
            socket.bind(host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(InetAddress.getByName(host), port));
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("the host is not known");
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }
}
