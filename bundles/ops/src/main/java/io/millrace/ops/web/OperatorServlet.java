package io.millrace.ops.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A page for the operator: answers GET and HEAD to everybody who asks for a host it believes, never inside
 * another site's frame. One made with an {@link Authority} can change the node too, for whoever has the
 * right and does not come from another site.
 */
public abstract class OperatorServlet extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final Set<String> READS = Set.of("GET", "HEAD");
    private static final Set<String> CHANGES = Set.of("POST", "PUT", "DELETE");

    private final transient Supplier<HostRule> hosts;
    private final transient Optional<Authority> authority;

    /** One that only shows. Asks for the rule at each request, so that it may change. */
    protected OperatorServlet(Supplier<HostRule> hosts) {
        this(hosts, null);
    }

    protected OperatorServlet(Supplier<HostRule> hosts, Authority authority) {
        this.hosts = hosts;
        this.authority = Optional.ofNullable(authority);
    }

    protected abstract void answer(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /** Whether every caller that reaches the port may read it, as monitoring does. */
    protected boolean isPublic() {
        return false;
    }

    /** Whether the sender of this request may change the node. */
    protected boolean permits(HttpServletRequest request) {
        return authority.isPresent() && authority.get().permits(request.getHeader("Authorization"));
    }

    protected final HostRule hosts() {
        return hosts.get();
    }

    /** Does what a POST, PUT or DELETE asks for; its sender has the right to it. */
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        notAllowed(response, "GET, HEAD");
    }

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("Cache-Control", "no-store");
        boolean changes = authority.isPresent() && CHANGES.contains(request.getMethod());
        if (!changes && !READS.contains(request.getMethod())) {
            notAllowed(response, "GET, HEAD");
        } else if (!hosts.get().accepts(request.getHeader("Host"))) {
            Refusals.unknownHost(response);
        } else if (!isPublic() && !hosts.get().admits(request.getRemoteAddr(), request.getHeader("Authorization"))) {
            Refusals.askForPassword(response);
            text(
                    response,
                    HttpServletResponse.SC_UNAUTHORIZED,
                    "from another machine this needs the web console's user and password, or the token of this run");
        } else if (!changes) {
            answer(request, response);
        } else if (RequestOrigin.foreign(request)) {
            Refusals.foreignSite(response);
        } else if (!permits(request)) {
            Refusals.askForPassword(response);
            response.addHeader("WWW-Authenticate", "Bearer realm=\"Millrace\"");
            text(response, HttpServletResponse.SC_UNAUTHORIZED, authority.get().hint());
        } else {
            change(request, response);
        }
    }

    /** Refuses the method and names those that are answered, separated by commas. */
    protected static void notAllowed(HttpServletResponse response, String allowed) throws IOException {
        response.setHeader("Allow", allowed);
        text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "only " + allowed + " are answered here");
    }

    protected static void text(HttpServletResponse response, int status, String line) throws IOException {
        Refusals.text(response, status, line);
    }

    protected static void json(HttpServletResponse response, int status, Object value) throws IOException {
        send(response, status, "application/json", Json.of(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a body; the server leaves it out for HEAD. */
    protected static void send(HttpServletResponse response, int status, String type, byte[] body) throws IOException {
        Refusals.send(response, status, type, body);
    }
}
