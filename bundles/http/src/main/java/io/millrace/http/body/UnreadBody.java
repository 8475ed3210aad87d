package io.millrace.http.body;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * The part of a body that was not read when its request was answered. It is read and dropped, within bounds, before
 * the call ends. Otherwise the connection is closed while the client still sends, and the reset makes the client
 * forget the answer that it already has (HTTP/1.1: RFC 9112 section 9.6; over HTTP/2 some clients as well).
 */
final class UnreadBody implements Callback {

    /** A segment of usual size, so that its sender reads why it was refused. */
    static final long MOST_BYTES = 16 << 20;

    static final Duration LONGEST = Duration.ofSeconds(2);

    private final MeteredBody body;
    private final Request request;
    private final Callback end;
    private final InstantSource clock;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Instant until;
    private long dropped;

    /**
     * Nothing is dropped yet.
     *
     * @param request below the meter, which has nothing to count any more
     * @param end of the call
     */
    UnreadBody(MeteredBody body, Request request, Callback end, InstantSource clock) {
        this.body = body;
        this.request = request;
        this.end = end;
        this.clock = clock;
    }

    /** The answer is written. */
    @Override
    public void succeeded() {
        if (!body.comesUnasked()) {
            end();
            return;
        }
        until = clock.instant().plus(LONGEST);
        drop();
    }

    private void drop() {
        try {
            for (Content.Chunk chunk = request.read(); chunk != null; chunk = request.read()) {
                dropped += chunk.remaining();
                boolean over = chunk.isLast() || Content.Chunk.isFailure(chunk) || dropped > MOST_BYTES;
                chunk.release();
                if (over) {
                    end();
                    return;
                }
            }
            request.demand(this::drop);
        } catch (IllegalStateException e) {
            // A servlet that left while it waited for its body: Jetty has one who waits, and no second.
            end();
        }
    }

    /** Ends the wait for a client that does not come to its end. */
    void check() {
        Instant limit = until;
        if (limit != null && clock.instant().isAfter(limit)) {
            until = null;
            request.fail(new RefusedBody(HttpStatus.REQUEST_TIMEOUT_408, "body that was not wanted did not end"));
        }
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            end.succeeded();
        }
    }

    @Override
    public void failed(Throwable failure) {
        if (ended.compareAndSet(false, true)) {
            end.failed(failure);
        }
    }
}
