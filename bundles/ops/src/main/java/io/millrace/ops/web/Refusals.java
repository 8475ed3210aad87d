package io.millrace.ops.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The refusals of the operator's server, which all of its servlets give in the same words. */
public final class Refusals {

    private static final int MISDIRECTED = 421;

    private Refusals() {}

    /** Sends one line, which no cache keeps. */
    public static void text(HttpServletResponse response, int status, String line) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        send(response, status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a body; the server leaves it out for HEAD. */
    static void send(HttpServletResponse response, int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    public static void unknownHost(HttpServletResponse response) throws IOException {
        text(
                response,
                MISDIRECTED,
                "this host name is not known here; if it is yours, add it to io.millrace.ops/hostNames");
    }

    public static void foreignSite(HttpServletResponse response) throws IOException {
        text(response, HttpServletResponse.SC_FORBIDDEN, "another site's page cannot change this node");
    }

    public static void askForPassword(HttpServletResponse response) {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Millrace\", charset=\"UTF-8\"");
    }
}
