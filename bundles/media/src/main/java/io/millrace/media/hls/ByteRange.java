package io.millrace.media.hls;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a body (RFC 9110 section 14).
 *
 * @param from first byte
 * @param length bytes, 0 when the part asked for lies outside
 */
record ByteRange(int from, int length) {

    private static final Pattern SINGLE = Pattern.compile("bytes\\s*=\\s*([0-9]{0,18})\\s*-\\s*([0-9]{0,18})");

    /**
     * The part that a {@code Range} header asks for of a body of {@code size} bytes; empty when the whole
     * body is to be sent: no header, one that cannot be read, or several parts, which a server need not
     * give.
     */
    static Optional<ByteRange> of(String header, int size) {
        Matcher matcher = header == null ? null : SINGLE.matcher(header.strip());
        if (matcher == null || !matcher.matches()) {
            return Optional.empty();
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty()) {
            return to.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(to), size));
        }
        long first = Long.parseLong(from);
        long last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
        if (last < first) {
            return Optional.empty();
        }
        if (first >= size) {
            return Optional.of(new ByteRange(0, 0));
        }
        return Optional.of(new ByteRange((int) first, (int) (Math.min(last, size - 1L) - first + 1)));
    }

    private static ByteRange suffix(long wanted, int size) {
        int length = (int) Math.min(wanted, size);
        return new ByteRange(size - length, length);
    }

    boolean isUnsatisfiable() {
        return length == 0;
    }

    /** The {@code Content-Range} of this part. */
    String contentRange(int size) {
        return "bytes " + from + "-" + (from + length - 1) + "/" + size;
    }
}
