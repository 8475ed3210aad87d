package io.millrace.kernel.network;

import io.millrace.api.network.AddressGuard;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The guard: names are resolved once, and what they resolve to is judged. */
public final class PeerAddressGuard implements AddressGuard {

    /** Ranges that are no loopback and no private network for the JDK, and are not the open internet either. */
    private static final List<Network> NOT_PUBLIC = List.of(
            Network.of("0.0.0.0/8"),
            Network.of("100.64.0.0/10"),
            Network.of("192.0.0.0/24"),
            Network.of("198.18.0.0/15"),
            Network.of("240.0.0.0/4"),
            Network.of("fc00::/7"),
            Network.of("64:ff9b::/96"),
            Network.of("2002::/16"));

    private final Resolver resolver;
    private final Supplier<List<Network>> allowed;
    private final Supplier<Set<Integer>> ownPorts;

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * A guard.
     *
     * @param allowed networks that the operator named
     * @param ownPorts the ports that this node listens on
     */
    PeerAddressGuard(Resolver resolver, Supplier<List<Network>> allowed, Supplier<Set<Integer>> ownPorts) {
        this.resolver = resolver;
        this.allowed = allowed;
        this.ownPorts = ownPorts;
    }

    @Override
    public Verdict check(URI address, Optional<URI> configured) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http") || address.getHost() == null) {
            return new Verdict.Refused("it is no http or https address");
        }
        if (address.getPort() == 0 || address.getPort() > 65535) {
            return new Verdict.Refused("its port is not between 1 and 65535");
        }
        int port = port(address);
        InetAddress[] found;
        try {
            found = resolver.resolve(host(address));
        } catch (UnknownHostException e) {
            return new Verdict.Refused("its host cannot be resolved");
        }
        Set<InetAddress> named = configured
                .filter(uri -> port(uri) == port)
                .map(this::resolved)
                .orElse(Set.of());
        Verdict refused = new Verdict.Refused("its host has no address");
        for (InetAddress candidate : found) {
            Optional<String> objection =
                    named.contains(candidate) ? Optional.empty() : objection(unmapped(candidate), port);
            if (objection.isEmpty()) {
                return new Verdict.Allowed(new InetSocketAddress(candidate, port));
            }
            refused = new Verdict.Refused(objection.get());
        }
        return refused;
    }

    private Optional<String> objection(InetAddress address, int port) {
        if (ownPorts.get().contains(port) && isOwn(address)) {
            return Optional.of("it is a listener of this node");
        }
        if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
            return Optional.of("it is a multicast or an unspecified address");
        }
        boolean open = !address.isLoopbackAddress()
                && !address.isSiteLocalAddress()
                && !address.isLinkLocalAddress()
                && NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
        if (open || allowed.get().stream().anyMatch(network -> network.contains(address))) {
            return Optional.empty();
        }
        return Optional.of(address.getHostAddress()
                + " is in a network that is not open to everybody; io.millrace.kernel.network.allowedNetworks can"
                + " name it");
    }

    private Set<InetAddress> resolved(URI uri) {
        try {
            return uri.getHost() == null ? Set.of() : Set.copyOf(Arrays.asList(resolver.resolve(host(uri))));
        } catch (UnknownHostException e) {
            return Set.of();
        }
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            // an address of this machine that cannot be told from others is treated as its own
            return true;
        }
    }

    /** An IPv4 address in the clothes of an IPv6 one reaches the same machine. */
    private static InetAddress unmapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet6Address v6) || !v6.isIPv4CompatibleAddress()) {
            return address;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
    }
}
