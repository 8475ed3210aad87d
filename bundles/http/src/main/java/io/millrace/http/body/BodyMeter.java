package io.millrace.http.body;

import io.millrace.http.peer.PeerWarnings;
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
 * Puts a meter on every body, of requests and of answers. Jetty's own minimum rates cut HTTP/1.1 late and HTTP/2 not
 * at all (measured with 12.1.14), hence this one, which looks at both alike.
 */
public final class BodyMeter extends Handler.Wrapper {

    private volatile BodyLimits limits;
    private final InstantSource clock;
    private final PeerWarnings warnings;
    private final Set<MeteredBody> bodies = ConcurrentHashMap.newKeySet();
    private final Set<MeteredResponse> answers = ConcurrentHashMap.newKeySet();
    private final Set<UnreadBody> rests = ConcurrentHashMap.newKeySet();

    /**
     * A meter for one server.
     *
     * @param clock one that never jumps
     */
    public BodyMeter(BodyLimits limits, InstantSource clock, PeerWarnings warnings) {
        this.limits = limits;
        this.clock = clock;
        this.warnings = warnings;
    }

    /** Other bounds, for bodies that begin from now on. */
    public void limits(BodyLimits next) {
        limits = next;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        BodyLimits now = limits;
        var body = new MeteredBody(request, now, clock);
        var answer = new MeteredResponse(body, response, now, clock);
        var rest = new UnreadBody(body, request, callback, clock);
        bodies.add(body);
        answers.add(answer);
        rests.add(rest);
        Request.addCompletionListener(request, failure -> {
            bodies.remove(body);
            answers.remove(answer);
            rests.remove(rest);
        });
        if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > now.maxBytes()) {
            Response.writeError(body, answer, rest, HttpStatus.PAYLOAD_TOO_LARGE_413);
            return true;
        }
        return super.handle(body, answer, rest);
    }

    /** Ends the wait for every peer that is too slow, and for unread bodies of requests that are answered. */
    public void check() {
        for (MeteredBody body : bodies) {
            if (body.check()) {
                warnings.warn("a request body came too slowly and was refused", body.client().address());
            }
        }
        for (MeteredResponse answer : answers) {
            if (answer.check()) {
                warnings.warn("an answer was taken too slowly and was cut off", answer.address());
            }
        }
        rests.forEach(UnreadBody::check);
    }
}
