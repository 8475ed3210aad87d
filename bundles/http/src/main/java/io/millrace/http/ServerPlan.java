package io.millrace.http;

import io.millrace.http.body.BodyLimits;
import io.millrace.http.gate.GateLimits;
import io.millrace.http.peer.ConnectionLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Checked settings of a server.
 *
 * @param host to listen on; empty for all interfaces
 * @param port to listen on; 0 for any
 * @param certificates where the certificate is kept; present when the port is encrypted
 * @param certificateHost what a certificate of our own is for
 * @param uri where others reach the server; empty when that is where it listens
 * @param paths patterns whose gates exist from the start
 * @param addressChange how an address is left for another
 */
record ServerPlan(
        String name,
        String host,
        int port,
        Optional<Path> certificates,
        String certificateHost,
        Optional<URI> uri,
        List<String> paths,
        AddressChange addressChange,
        ServerLimits limits) {

    /** Calls at a time, whatever is set. */
    static final int MOST_CALLS = 100_000;

    private static final int MAX_PORT = 65_535;
    private static final int LONGEST_HANDOVER = 86_400;
    private static final String LOOPBACK = "127.0.0.1";

    /**
     * Checks settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and what it should be
     */
    static ServerPlan of(ServerSettings settings) {
        if (settings.name() == null || settings.name().isBlank()) {
            throw new IllegalArgumentException("'name' is not set: it must be the name that servlets ask for");
        }
        String address = settings.address() == null ? "" : settings.address().strip();
        int colon = address.lastIndexOf(':');
        Optional<URI> uri = uri(settings.uri());
        String host = host(address, colon);
        return new ServerPlan(
                settings.name(),
                host,
                port(address, colon),
                certificates(settings),
                certificateHost(settings.certificateHost(), uri, host),
                uri,
                paths(settings.paths()),
                new AddressChange(
                        seconds("handoverSeconds", settings.handoverSeconds(), 0, LONGEST_HANDOVER),
                        seconds("oldConnectionsSeconds", settings.oldConnectionsSeconds(), 0, LONGEST_HANDOVER)),
                limits(settings));
    }

    private static String host(String address, int colon) {
        if (colon < 0) {
            throw badAddress(address);
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        if (host.contains(":")) {
            throw badAddress(address);
        }
        return host;
    }

    private static int port(String address, int colon) {
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            if (port >= 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, with the whole address.
        }
        throw badAddress(address);
    }

    private static IllegalArgumentException badAddress(String address) {
        return new IllegalArgumentException(
                "'address' is '" + address + "': it must be host:port, such as 127.0.0.1:9935, [::1]:9935 or :8935");
    }

    private static Optional<URI> uri(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(text.strip());
            if (uri.getScheme() != null && uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // Said below, for both causes.
        }
        throw new IllegalArgumentException("'uri' is '" + text + "': it must be like https://host:port");
    }

    private static Optional<Path> certificates(ServerSettings settings) {
        if (!settings.tls()) {
            return Optional.empty();
        }
        if (settings.directory().isBlank()) {
            throw new IllegalArgumentException(
                    "'directory' is not set: with 'tls' it must be where the certificate is kept");
        }
        return Optional.of(Path.of(settings.directory().strip()).toAbsolutePath());
    }

    private static String certificateHost(String set, Optional<URI> uri, String host) {
        if (!set.isBlank()) {
            return set.strip();
        }
        return uri.map(ServerPlan::hostOf).orElse(host.isEmpty() ? "localhost" : host);
    }

    private static String hostOf(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static List<String> paths(String[] set) {
        List<String> paths = Arrays.stream(set)
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .filter(path -> !path.isEmpty())
                .toList();
        for (String path : paths) {
            if (!path.startsWith("/") && !path.startsWith("*.")) {
                throw new IllegalArgumentException("'paths' has '" + path + "': it must be like /segment or /stream/*");
            }
        }
        return paths;
    }

    private static ServerLimits limits(ServerSettings settings) {
        int set = (int) within("maxPerAddress", settings.maxPerAddress(), 0, MOST_CALLS);
        int perAddress = set == 0 ? Integer.MAX_VALUE : set;
        return new ServerLimits(
                new BodyLimits(
                        within("maxBodyBytes", settings.maxBodyBytes(), 1, Long.MAX_VALUE),
                        (int) within("minBodyBytesPerSecond", settings.minBodyBytesPerSecond(), 0, Integer.MAX_VALUE),
                        seconds("bodyGraceSeconds", settings.bodyGraceSeconds(), 1, Integer.MAX_VALUE),
                        seconds("maxBodySeconds", settings.maxBodySeconds(), 1, Integer.MAX_VALUE)),
                (int) within("maxHeaderBytes", settings.maxHeaderBytes(), 8192, 1 << 24),
                new ConnectionLimits((int) within("maxConnections", settings.maxConnections(), 1, 100_000), perAddress),
                seconds("idleTimeoutSeconds", settings.idleTimeoutSeconds(), 1, Integer.MAX_VALUE),
                new GateLimits(
                        (int) within("maxCalls", settings.maxCalls(), 1, MOST_CALLS),
                        perAddress,
                        seconds("parkSeconds", settings.parkSeconds(), 0, 60),
                        seconds("drainSeconds", settings.drainSeconds(), 0, 60)));
    }

    private static Duration seconds(String key, int value, int min, int max) {
        return Duration.ofSeconds(within(key, value, min, max));
    }

    private static long within(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "'" + key + "' is " + value + ": it must be from " + min + " to " + max);
        }
        return value;
    }

    /** Where to listen, as it is configured. */
    String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Where to listen, looked up now. */
    InetSocketAddress socketAddress() throws UnknownHostException {
        return host.isEmpty()
                ? new InetSocketAddress(port)
                : new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** Whether both stand for the same socket, whatever it is called by others. */
    boolean sameSocket(ServerPlan other) {
        return host.equals(other.host)
                && port == other.port
                && certificates.equals(other.certificates)
                && (certificates.isEmpty() || certificateHost.equals(other.certificateHost));
    }

    /** The same on a certain port. */
    ServerPlan at(int certain) {
        return new ServerPlan(name, host, certain, certificates, certificateHost, uri, paths, addressChange, limits);
    }

    /** Where others reach the server once it listens on a port. */
    URI reachedAt(int openPort) {
        return uri.orElseGet(() -> {
            String scheme = certificates.isPresent() ? "https" : "http";
            boolean all = host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
            String reached = all ? LOOPBACK : host.contains(":") ? "[" + host + "]" : host;
            return URI.create(scheme + "://" + reached + ":" + openPort);
        });
    }
}
