package io.millrace.media.push;

import io.millrace.api.gateway.Rendition;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Renditions as the parts of one answer, in the form that go-livepeer gives them. */
final class MultipartAnswer {

    static final String TYPE = "multipart/mixed";

    private static final int BOUNDARY_BYTES = 10;

    private MultipartAnswer() {}

    /** Sends the parts in the order given. */
    static void send(HttpServletResponse response, long sequence, List<Rendition> renditions, RandomGenerator random)
            throws IOException {
        byte[] name = new byte[BOUNDARY_BYTES];
        random.nextBytes(name);
        String boundary = HexFormat.of().formatHex(name);
        response.setHeader("Content-Type", TYPE + "; boundary=" + boundary);
        response.flushBuffer();
        OutputStream out = response.getOutputStream();
        String lead = "--" + boundary + "\r\n";
        for (Rendition rendition : renditions) {
            out.write((lead + head(sequence, rendition)).getBytes(StandardCharsets.UTF_8));
            out.write(rendition.data().unsafeArray());
            lead = "\r\n--" + boundary + "\r\n";
        }
        out.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    }

    static String head(long sequence, Rendition rendition) {
        String profile = printable(rendition.profile().name());
        // a quoted string (RFC 9110, 5.6.4) that names no folder
        String file = "\""
                + profile.replaceAll("[/\\\\]", "_").replace("\"", "\\\"")
                + "_"
                + sequence
                + rendition.profile().format().extension()
                + "\"";
        return String.format(
                Locale.ROOT,
                "Content-Disposition: attachment; filename=%s\r\n"
                        + "Content-Length: %d\r\n"
                        + "Content-Type: %s; name=%s\r\n"
                        + "Rendition-Name: %s\r\n\r\n",
                file,
                rendition.data().size(),
                rendition.profile().format().contentType(),
                file,
                profile);
    }

    // without what would end a header or act in a terminal
    private static String printable(String name) {
        return name.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
