package io.millrace.ops.web;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which {@code Host} headers are believed. A foreign web page can make its own name resolve to this
 * machine and read what answers; it cannot do that with an address or with {@code localhost}. So every
 * literal address is accepted, and of names only those that the operator gave.
 */
public final class HostRule {

    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");
    private static final Pattern LOCAL_NAME = Pattern.compile("([a-z0-9-]{1,63}\\.){0,8}localhost");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}(%25[0-9a-z]{1,16})?]");

    private final Set<String> names;
    private final Predicate<String> operator;

    /** Accepts these names beside {@code localhost} and addresses; requests from other machines are refused. */
    public HostRule(Collection<String> names) {
        this(names, credentials -> false);
    }

    /** The same; a request from another machine needs these credentials in the header {@code Authorization}. */
    public HostRule(Collection<String> names, Predicate<String> operator) {
        this.names = names.stream().map(HostRule::plain).collect(Collectors.toUnmodifiableSet());
        this.operator = operator;
    }

    /** Whether the caller may read: every caller on this machine, and from another machine the operator. */
    public boolean admits(String remoteAddress, String credentials) {
        return RequestOrigin.isLoopback(remoteAddress) || operator.test(credentials);
    }

    /** Whether a request with this header may be answered; a missing header (null) may not. */
    public boolean accepts(String header) {
        if (header == null) {
            return false;
        }
        String host = name(header);
        return isAddress(host) || LOCAL_NAME.matcher(host).matches() || names.contains(host);
    }

    /**
     * Whether this is a name that no other machine can have, or one that the operator gave: what a request says
     * that is meant for this node, and for no other that it could have been sent on from.
     */
    public boolean isOwn(String header) {
        return header != null && (isLoopback(name(header)) || names.contains(name(header)));
    }

    /** The host in a header, without its port, in lower case. */
    public static String name(String header) {
        return plain(PORT.matcher(header.strip()).replaceFirst(""));
    }

    /** Whether this means "this machine" wherever it is said. */
    public static boolean isLoopback(String host) {
        return LOCAL_NAME.matcher(host).matches()
                || host.equals("[::1]")
                || host.startsWith("127.") && IPV4.matcher(host).matches();
    }

    private static boolean isAddress(String host) {
        return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
    }

    private static String plain(String host) {
        String lower = host.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
