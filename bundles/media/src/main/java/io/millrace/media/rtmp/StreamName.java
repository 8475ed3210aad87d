package io.millrace.media.rtmp;

import io.millrace.api.value.ManifestId;
import io.millrace.media.web.StreamPath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Where a publisher wants to publish: {@code rtmp://host/manifest[/key]}, the parts spread over
 * application and stream name in whatever way the client does it.
 *
 * @param manifest eight random hexadecimal digits when the address names none
 * @param key empty when there is none
 */
record StreamName(ManifestId manifest, String key) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 4;

    /**
     * Reads the two parts of an address.
     *
     * @throws IllegalArgumentException when it makes no name; the message says why
     */
    static StreamName of(String application, String stream) {
        String name = plain(stream);
        String address = plain(application) + (name.isEmpty() ? "" : "/" + name);
        StreamPath path = StreamPath.of(address);
        String manifest = path.manifest().isEmpty() ? random() : path.manifest();
        // A dot ends the name of a file, but not a key.
        boolean keyed = !path.rest().isEmpty() || address.endsWith(path.manifest() + "/" + path.extension());
        String key = keyed ? path.rest() + path.extension() : "";
        return new StreamName(new ManifestId(manifest), key);
    }

    /** Without query, slashes around it and percent signs. */
    private static String plain(String part) {
        int query = part.indexOf('?');
        String bare = query < 0 ? part : part.substring(0, query);
        int from = 0;
        int to = bare.length();
        while (from < to && bare.charAt(from) == '/') {
            from++;
        }
        while (to > from && bare.charAt(to - 1) == '/') {
            to--;
        }
        // Only percent signs are an encoding here, a plus sign is itself.
        return URLDecoder.decode(bare.substring(from, to).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
