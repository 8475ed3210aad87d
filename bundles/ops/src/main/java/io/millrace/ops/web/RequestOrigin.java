package io.millrace.ops.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells who sends a request, as far as its headers and its connection show it. */
public final class RequestOrigin {

    private static final Set<String> OWN = Set.of("same-origin", "none");

    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");

    private RequestOrigin() {}

    /** Whether the request says that another site made it; a caller that is no browser says nothing of it. */
    public static boolean foreign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        String referer = request.getHeader("Referer");
        String own = (request.getScheme() + "://" + request.getHeader("Host")).toLowerCase(Locale.ROOT);
        return site != null && !OWN.contains(site)
                || origin != null && !origin.equalsIgnoreCase(own)
                || referer != null && !(referer + "/").toLowerCase(Locale.ROOT).startsWith(own + "/");
    }

    /** Whether it comes from this machine, without a proxy that may pass on another machine's request. */
    public static boolean direct(HttpServletRequest request) {
        return isLoopback(request.getRemoteAddr())
                && FORWARDED.stream().allMatch(header -> request.getHeader(header) == null);
    }

    static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
