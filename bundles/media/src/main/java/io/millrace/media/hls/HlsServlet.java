package io.millrace.media.hls;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.media.web.PlainAnswer;
import io.millrace.media.web.StreamPath;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * {@code /stream/<manifest>.m3u8}, {@code /stream/<manifest>/<rendition>.m3u8} and
 * {@code /stream/<manifest>/<rendition>/<instance>/<number>.ts|.mp4} for players anywhere.
 *
 * <p>A playlist is fresh for a second. A segment never changes: a later stream of the same name is another instance,
 * and its segments have other addresses.
 */
final class HlsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String PLAYLIST_TYPE = "application/x-mpegURL";
    private static final String PLAYLIST_CACHING = "public, max-age=1";
    private static final String SEGMENT_CACHING = "public, max-age=3600, immutable";
    private static final int PIECE = 32 << 10;
    private static final int PREFLIGHT_SECONDS = 86_400;

    private final transient HlsPublisher publisher;

    HlsServlet(HlsPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Expose-Headers", "Content-Length, Content-Range, Date, ETag");
        switch (request.getMethod()) {
            case "GET", "HEAD" -> get(request, response);
            case "OPTIONS" -> preflight(response);
            default -> {
                response.setHeader("Allow", "GET, HEAD, OPTIONS");
                PlainAnswer.send(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Method Not Allowed");
            }
        }
    }

    private static void preflight(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        response.setHeader("Access-Control-Allow-Headers", "Range, If-Range, If-None-Match, Cache-Control");
        response.setHeader("Access-Control-Max-Age", Integer.toString(PREFLIGHT_SECONDS));
    }

    private void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String below = request.getPathInfo();
        StreamPath path = StreamPath.of(request.getServletPath() + (below == null ? "" : below));
        Optional<Channel> channel = channel(path.manifest());
        if (channel.isEmpty()) {
            notFound(response);
        } else if (path.extension().equals(".m3u8")) {
            Optional<String> playlist = path.rest().isEmpty()
                    ? channel.get().master()
                    : channel.get().media(path.rest());
            if (playlist.isPresent()) {
                playlist(request, response, playlist.get());
            } else {
                notFound(response);
            }
        } else {
            segment(request, response, channel.get(), path);
        }
    }

    private Optional<Channel> channel(String name) {
        try {
            return publisher.channel(new ManifestId(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no stream can have that name
        }
    }

    private static void notFound(HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-cache");
        PlainAnswer.send(response, HttpServletResponse.SC_NOT_FOUND, "ErrNotFound");
    }

    private static void playlist(HttpServletRequest request, HttpServletResponse response, String text)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        CRC32 checksum = new CRC32();
        checksum.update(body);
        String tag = "W/\"" + Long.toHexString(checksum.getValue()) + "-" + body.length + "\"";
        response.setHeader("Cache-Control", PLAYLIST_CACHING);
        response.setHeader("Vary", "Accept-Encoding");
        response.setHeader("ETag", tag);
        if (matches(request.getHeader("If-None-Match"), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(PLAYLIST_TYPE);
        if (acceptsGzip(request.getHeader("Accept-Encoding"))) {
            response.setHeader("Content-Encoding", "gzip");
            body = gzip(body);
        }
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }

    private static void segment(
            HttpServletRequest request, HttpServletResponse response, Channel channel, StreamPath path)
            throws IOException {
        int size = find(channel, path).map(Bytes::size).orElse(0);
        if (size == 0) {
            notFound(response);
            return;
        }
        String tag = "\"" + channel.instance() + "-" + path.file() + "-" + Integer.toHexString(size) + "\"";
        response.setHeader("Cache-Control", SEGMENT_CACHING);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("ETag", tag);
        if (matches(request.getHeader("If-None-Match"), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(path.extension().equals(".mp4") ? "video/mp4" : "video/mp2t");
        String condition = request.getHeader("If-Range");
        Optional<ByteRange> range = condition == null || condition.equals(tag)
                ? ByteRange.of(request.getHeader("Range"), size)
                : Optional.empty();
        if (range.isEmpty()) {
            send(request, response, channel, path, new ByteRange(0, size));
        } else if (range.get().isUnsatisfiable()) {
            response.setHeader("Content-Range", "bytes */" + size);
            PlainAnswer.send(
                    response, HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE, "Range Not Satisfiable");
        } else {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader("Content-Range", range.get().contentRange(size));
            send(request, response, channel, path, range.get());
        }
    }

    // one address for each segment: no sign, no leading zeros
    private static OptionalLong number(String text) {
        try {
            return text.matches("0|[1-9][0-9]*") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static Optional<Bytes> find(Channel channel, StreamPath path) {
        String below = "/" + channel.instance() + "/" + path.file();
        OptionalLong number = number(path.file());
        if (number.isEmpty() || !path.rest().endsWith(below)) {
            return Optional.empty();
        }
        String rendition = path.rest().substring(0, path.rest().length() - below.length());
        return channel.segment(rendition, number.getAsLong(), path.extension());
    }

    /**
     * Sends a segment, for which it asks anew with each piece: a viewer that is slower than the playlist must not
     * keep segments in memory that have left it. Its answer breaks off then.
     */
    private static void send(
            HttpServletRequest request, HttpServletResponse response, Channel channel, StreamPath path, ByteRange range)
            throws IOException {
        response.setContentLength(range.length());
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        byte[] piece = new byte[Math.min(PIECE, range.length())];
        for (int sent = 0; sent < range.length(); sent += piece.length) {
            int count = Math.min(piece.length, range.length() - sent);
            if (!copy(channel, path, range.from() + sent, piece, count)) {
                return; // shorter than announced: the connection is closed
            }
            response.getOutputStream().write(piece, 0, count);
        }
    }

    // a method of its own, so that nothing holds the segment while the piece is being sent
    private static boolean copy(Channel channel, StreamPath path, int from, byte[] piece, int count) {
        Optional<Bytes> segment = find(channel, path);
        segment.ifPresent(bytes -> System.arraycopy(bytes.unsafeArray(), from, piece, 0, count));
        return segment.isPresent();
    }

    private static boolean matches(String condition, String tag) {
        if (condition == null) {
            return false;
        }
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        return Arrays.stream(condition.split(","))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(strong) || one.equals("W/" + strong));
    }

    private static boolean acceptsGzip(String header) {
        return header != null
                && Arrays.stream(header.toLowerCase(Locale.ROOT).split(","))
                        .map(coding -> coding.replace(" ", ""))
                        .anyMatch(coding -> coding.equals("gzip")
                                || coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?"));
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        return out.toByteArray();
    }
}
