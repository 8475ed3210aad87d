package io.millrace.livepeer.web;

import io.millrace.livepeer.mapping.WebAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Where a call goes, with what the operator said of the peer that is called or that named the address.
 *
 * @param address of http or https
 * @param configured the address that the operator configured for this peer; empty when there is none
 */
public record Destination(URI address, Optional<URI> configured) {

    /** {@code path} below this address. */
    public Destination below(String path) {
        return new Destination(WebAddress.below(address, path), configured);
    }

    /** Another address that the same peer named. */
    public Destination at(URI other) {
        return new Destination(other, configured);
    }

    /** Whether it is called over TLS. */
    public boolean isTls() {
        return isTls(address);
    }

    /**
     * What two destinations have in common that may share a connection: the same node, and the same word of the
     * operator, without which the guard might have refused it. A text, since the JDK keeps the last record that was
     * compared, and with it this bundle's classes after the bundle is replaced.
     */
    public String key() {
        return site(address) + configured.map(uri -> " configured as " + site(uri)).orElse("");
    }

    private static String site(URI uri) {
        int port = uri.getPort() >= 0 ? uri.getPort() : isTls(uri) ? 443 : 80;
        return (isTls(uri) ? "https://" : "http://") + uri.getHost() + ":" + port;
    }

    private static boolean isTls(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
