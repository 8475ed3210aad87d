package io.millrace.kernel.gateway.session;

import io.millrace.api.network.Directory;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The orchestrators that the operator named. */
public final class StaticDirectory implements Directory {

    private static final int DEFAULT_PORT = 8935;
    private static final double NAMED_BY_THE_OPERATOR = 1.0;

    private final List<Listing> listings;

    private StaticDirectory(List<Listing> listings) {
        this.listings = List.copyOf(listings);
    }

    /**
     * Reads entries such as {@code https://host:8935}, {@code host:8935}, {@code host} or
     * {@code loopback:}; an entry may be several with commas between.
     *
     * @throws IllegalArgumentException naming every entry that is no address
     */
    public static StaticDirectory of(List<String> entries) {
        List<Listing> listings = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String entry : entries) {
            for (String text : entry.split(",")) {
                if (!text.isBlank()) {
                    read(text.strip(), listings, wrong);
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("orchestrators: " + String.join("; ", wrong)
                    + "; write addresses such as https://host:8935 with commas between");
        }
        return new StaticDirectory(listings);
    }

    @Override
    public List<Listing> listings() {
        return listings;
    }

    private static void read(String text, List<Listing> listings, List<String> wrong) {
        try {
            Listing listing = Listing.at(address(text)).trust(NAMED_BY_THE_OPERATOR).configured(true).build();
            if (!listings.contains(listing)) {
                listings.add(listing);
            }
        } catch (URISyntaxException e) {
            wrong.add("'" + text + "' is no address");
        } catch (IllegalArgumentException e) {
            wrong.add("'" + text + "' " + e.getMessage());
        }
    }

    private static URI address(String text) throws URISyntaxException {
        if (text.toLowerCase(Locale.ROOT).startsWith(Peers.LOOPBACK + ":")) {
            return URI.create(Peers.LOOPBACK + ":local");
        }
        URI uri = new URI(text.contains("://") ? text : "https://" + text);
        if (!Set.of("https", "http").contains(uri.getScheme())) {
            throw new IllegalArgumentException("has the scheme " + uri.getScheme() + ", not https");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("has no host, or a port that is no number");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException("has a port that is not between 1 and 65535");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        String path = uri.getPath() == null || uri.getPath().equals("/") ? "" : uri.getPath();
        return new URI(uri.getScheme(), null, uri.getHost(), port, path, null, null);
    }
}
