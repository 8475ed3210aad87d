package io.millrace.ops.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** Tells what a browser sends on behalf of another site's page. */
public final class Sites {

    private static final Set<String> OWN = Set.of("same-origin", "none");

    private Sites() {}

    /** Whether the request says that another site made it; who is no browser says nothing. */
    public static boolean foreign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        String own = request.getScheme() + "://" + request.getHeader("Host");
        return site != null && !OWN.contains(site) || origin != null && !origin.equalsIgnoreCase(own);
    }
}
