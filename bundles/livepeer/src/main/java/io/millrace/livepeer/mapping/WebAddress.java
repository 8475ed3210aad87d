package io.millrace.livepeer.mapping;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Addresses that a peer names: only those of the web, with a host, are ever called. */
public final class WebAddress {

    private WebAddress() {}

    /** The address in {@code text}; empty when it is none, or of another scheme than http and https. */
    public static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** {@code path} below the address {@code base}, whatever the latter ends with. */
    public static URI below(URI base, String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }
}
