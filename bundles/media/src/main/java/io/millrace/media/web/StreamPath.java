package io.millrace.media.web;

/**
 * A path below {@code /live/} or {@code /stream/}: the stream's name up to the first slash, the rest
 * behind it, the extension of the last element split off.
 *
 * @param manifest the stream's name, empty when there is none
 * @param rest what follows the first slash, empty when nothing does
 * @param extension with its dot, empty when there is none
 */
public record StreamPath(String manifest, String rest, String extension) {

    /** Splits a decoded path. Leading blanks and slashes, then {@code stream/} and {@code live/}, do not count. */
    public static StreamPath of(String path) {
        String extension = extensionOf(path);
        String bare = path.substring(0, path.length() - extension.length());
        int start = 0;
        while (start < bare.length() && (bare.charAt(start) == ' ' || bare.charAt(start) == '/')) {
            start++;
        }
        bare = bare.substring(start);
        if (bare.startsWith("stream/")) {
            bare = bare.substring("stream/".length());
        }
        while (bare.startsWith("live/")) {
            bare = bare.substring("live/".length());
        }
        int slash = bare.indexOf('/');
        return slash < 0
                ? new StreamPath(bare, "", extension)
                : new StreamPath(bare.substring(0, slash), bare.substring(slash + 1), extension);
    }

    /** The last element without its extension. */
    public String file() {
        String key = rest.isEmpty() ? manifest : rest;
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static String extensionOf(String path) {
        int dot = path.lastIndexOf('.');
        return dot < 0 || dot < path.lastIndexOf('/') ? "" : path.substring(dot);
    }
}
