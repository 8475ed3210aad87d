package io.millrace.media.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One line of text with a status: the form of every error on the wire. */
public final class PlainAnswer {

    private PlainAnswer() {}

    /** Sends {@code text} and a line feed, as Go's {@code http.Error} does. */
    public static void send(HttpServletResponse response, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("text/plain; charset=utf-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
