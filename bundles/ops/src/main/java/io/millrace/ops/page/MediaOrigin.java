package io.millrace.ops.page;

import io.millrace.ops.web.HostRule;
import java.net.URI;
import java.util.Optional;

/**
 * Where a browser fetches the streams: the node's {@code http} port, under the host by which the browser
 * reached this page when the port's own address means nothing to it.
 */
final class MediaOrigin {

    private MediaOrigin() {}

    /**
     * Scheme, host and port; empty while the port is not open.
     *
     * @param http address of the port, null when it is not open
     * @param host the request's {@code Host}, already believed
     */
    static Optional<String> of(URI http, String host) {
        if (http == null || http.getHost() == null) {
            return Optional.empty();
        }
        String own = http.getHost();
        String asked = HostRule.name(host);
        boolean anywhere = own.equals("0.0.0.0") || own.equals("[::]") || own.equals("::");
        boolean useless = anywhere || HostRule.isLoopback(own) && !HostRule.isLoopback(asked);
        String port = http.getPort() < 0 ? "" : ":" + http.getPort();
        return Optional.of(http.getScheme() + "://" + (useless ? asked : own) + port);
    }
}
