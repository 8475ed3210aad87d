package io.millrace.ops.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * A read-only page for the operator: answers GET and HEAD, only to a host it believes, never inside
 * another site's frame.
 */
public abstract class OperatorServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient Supplier<HostRule> hosts;

    /** Asks for the rule at each request, so that it may change. */
    protected OperatorServlet(Supplier<HostRule> hosts) {
        this.hosts = hosts;
    }

    /** Answers a request that may be answered. */
    protected abstract void answer(HttpServletRequest request, HttpServletResponse response) throws IOException;

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("Cache-Control", "no-store");
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "only GET and HEAD are answered here");
        } else if (!hosts.get().accepts(request.getHeader("Host"))) {
            text(response, 421, "this host name is not known here; if it is yours, add it to io.millrace.ops/hostNames");
        } else {
            answer(request, response);
        }
    }

    /** Sends one line. */
    protected static void text(HttpServletResponse response, int status, String line) throws IOException {
        send(response, status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a value as JSON. */
    protected static void json(HttpServletResponse response, int status, Object value) throws IOException {
        send(response, status, "application/json", Json.of(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a body; the server leaves it out for HEAD. */
    protected static void send(HttpServletResponse response, int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
