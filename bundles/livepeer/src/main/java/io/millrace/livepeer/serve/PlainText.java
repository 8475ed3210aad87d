package io.millrace.livepeer.serve;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * An answer that is a status and a line of text, which is how nodes of the network refuse.
 *
 * @param status of HTTP
 * @param text without the line's end
 */
public record PlainText(int status, String text) {

    /** The network's answer for a path that does not exist. */
    public static final PlainText NOT_FOUND = new PlainText(404, "404 page not found");

    /** What the network answers when the fault is its own. */
    public static final PlainText INTERNAL_ERROR = new PlainText(500, "Internal Server Error");

    /** Sends it. */
    public void send(HttpServletResponse response) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Content-Type", "text/plain; charset=utf-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
