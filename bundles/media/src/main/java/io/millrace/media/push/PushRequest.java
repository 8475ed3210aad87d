package io.millrace.media.push;

import io.millrace.api.job.Clip;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.media.web.GoText;
import io.millrace.media.web.StreamPath;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a push says about its segment, apart from the segment.
 *
 * @param url as go-livepeer names it in its texts: without a query
 * @param path what it is about
 * @param sequence the segment's number; 0 when the file's name is no number below 2^63
 * @param announced the segment's length in milliseconds as announced, not yet checked; empty when it is not, or
 *     not readable
 * @param from where the part that is wanted begins, 0 when not given
 * @param to where it ends, 0 when not given
 */
record PushRequest(String url, StreamPath path, long sequence, OptionalLong announced, long from, long to) {

    private static final long DEFAULT_MILLIS = 2000;
    private static final int DIGITS_OF_A_LONG = 18;

    // no segment is longer than five minutes; keeps the sum of any two well inside a long
    private static final long LATEST_MILLIS = Duration.ofDays(1).toMillis();

    /** Reads address and headers; whatever cannot be read has its default. */
    static PushRequest of(HttpServletRequest request) {
        String decoded = decodedPath(request);
        StreamPath path = StreamPath.of(decoded);
        return new PushRequest(
                "http://" + request.getHeader("Host") + GoText.escapedPath(decoded),
                path,
                number(path.file(), 0),
                announced(request.getHeader("Content-Duration")),
                Math.min(number(request.getHeader("Content-Slice-From"), 0), LATEST_MILLIS),
                Math.min(number(request.getHeader("Content-Slice-To"), 0), LATEST_MILLIS));
    }

    /** The container that the file's extension claims; empty when it is none of media. */
    Optional<Container> container() {
        return switch (path.extension()) {
            case ".ts" -> Optional.of(Container.MPEGTS);
            case ".mp4" -> Optional.of(Container.MP4);
            default -> Optional.empty();
        };
    }

    /** Whether the part wanted ends before it begins. */
    boolean sliceIsInverted() {
        return from > 0 && to > 0 && from > to;
    }

    /** The part wanted, empty for all. */
    Optional<Clip> clip() {
        return from > 0 || to > 0
                ? Optional.of(new Clip(Duration.ofMillis(from), Duration.ofMillis(to)))
                : Optional.empty();
    }

    private static String decodedPath(HttpServletRequest request) {
        String below = request.getPathInfo();
        return request.getServletPath() + (below == null ? "" : below);
    }

    /** The segment's length: as announced, else as measured where that is possible, else go-livepeer's 2 seconds. */
    long millis(Duration measured) {
        long found = measured.toMillis();
        return announced.orElse(found > 0 && found <= PushLimits.MAX_MILLIS ? found : DEFAULT_MILLIS);
    }

    private static OptionalLong announced(String text) {
        if (text == null || !text.matches("[+-]?[0-9]{1," + DIGITS_OF_A_LONG + "}")) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static long number(String text, long otherwise) {
        if (text == null || !text.matches("[0-9]+")) {
            return otherwise;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
