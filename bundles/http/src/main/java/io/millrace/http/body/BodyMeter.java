package io.millrace.http.body;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Puts a meter on every request body. Jetty's own minimum rates cut HTTP/1.1 late and HTTP/2 not at all (measured with
 * 12.1.14), hence this one, which looks at both alike.
 */
public final class BodyMeter extends Handler.Wrapper {

    private volatile BodyLimits limits;
    private final InstantSource clock;
    private final Set<MeteredBody> bodies = ConcurrentHashMap.newKeySet();
    private final Set<RestOfBody> rests = ConcurrentHashMap.newKeySet();

    /**
     * A meter for one server.
     *
     * @param clock one that never jumps
     */
    public BodyMeter(BodyLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Other bounds, for bodies that begin from now on. */
    public void limits(BodyLimits next) {
        limits = next;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        BodyLimits now = limits;
        var body = new MeteredBody(request, now, clock);
        var rest = new RestOfBody(body, request, callback, clock);
        bodies.add(body);
        rests.add(rest);
        Request.addCompletionListener(request, failure -> {
            bodies.remove(body);
            rests.remove(rest);
        });
        if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > now.maxBytes()) {
            Response.writeError(body, response, rest, HttpStatus.PAYLOAD_TOO_LARGE_413);
            return true;
        }
        return super.handle(body, response, rest);
    }

    /** Ends the wait for every body that comes too slowly, and for what is left of those that are answered. */
    public void check() {
        bodies.forEach(MeteredBody::check);
        rests.forEach(RestOfBody::check);
    }
}
