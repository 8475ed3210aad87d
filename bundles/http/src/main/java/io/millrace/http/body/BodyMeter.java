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
        if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > now.maxBytes()) {
            Response.writeError(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
            return true;
        }
        var body = new MeteredBody(request, now, clock);
        bodies.add(body);
        Request.addCompletionListener(request, failure -> bodies.remove(body));
        return super.handle(body, response, callback);
    }

    /** Ends the wait for every body that comes too slowly. */
    public void check() {
        bodies.forEach(MeteredBody::check);
    }
}
