package io.millrace.media.rtmp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where to listen: {@code host:port}, the host optional, an IPv6 one in brackets.
 *
 * @param text as the operator wrote it
 */
record ListenAddress(String text, String host, int port) {

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException when it is of another form
     */
    static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1).strip());
            String host = colon < 0 ? "" : text.substring(0, colon).strip();
            if (port < 0 || port > 65_535) {
                throw new NumberFormatException("no port");
            }
            return new ListenAddress(text, host, port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(RtmpComponent.PID + ": address is host:port, not '" + text + "'", e);
        }
    }

    /** To bind to; an empty host is every interface. */
    InetSocketAddress socketAddress() throws IOException {
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bare(), port);
        if (address.isUnresolved()) {
            throw new IOException("the host is unknown");
        }
        return address;
    }

    /** For a client on this machine. */
    URI uri(int openPort) {
        boolean any = host.isEmpty() || host.equals("0.0.0.0") || host.equals("[::]");
        return URI.create("rtmp://" + (any ? "127.0.0.1" : host) + ":" + openPort);
    }

    private String bare() {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
