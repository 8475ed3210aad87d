package io.millrace.media.rtmp;

import io.millrace.api.value.ManifestId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;

/** The stream keys, which say who may publish under which name. */
@FunctionalInterface
interface StreamKeys {

    /** Everybody, under any name. */
    StreamKeys OPEN = (manifest, key) -> true;

    /** Whether {@code key}, empty when none was given, opens {@code manifest}. */
    boolean admits(ManifestId manifest, String key);

    /**
     * Keys from {@code manifest=key} entries, also several with commas or line ends in one. None at all admits
     * everybody; with some, a name that is not among them admits nobody.
     *
     * @throws IllegalArgumentException for an entry of another form, without showing it
     */
    static StreamKeys of(String... entries) {
        Map<String, byte[]> keys = new HashMap<>();
        for (String entry : String.join(",", entries).split("[,\\n\\r]")) {
            if (entry.isBlank()) {
                continue;
            }
            int equals = entry.indexOf('=');
            if (equals < 1 || equals == entry.length() - 1) {
                throw new IllegalArgumentException(
                        "an entry of keys is not of the form NAME=KEY (entry " + (keys.size() + 1) + ")");
            }
            byte[] key = entry.substring(equals + 1).strip().getBytes(StandardCharsets.UTF_8);
            keys.put(entry.substring(0, equals).strip(), key);
        }
        if (keys.isEmpty()) {
            return OPEN;
        }
        return (manifest, key) -> {
            byte[] right = keys.get(manifest.value());
            return right != null && MessageDigest.isEqual(right, key.getBytes(StandardCharsets.UTF_8));
        };
    }
}
