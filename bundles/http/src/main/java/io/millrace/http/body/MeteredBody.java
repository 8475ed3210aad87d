package io.millrace.http.body;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * A request whose body is counted as it is read. Only the peer's time counts: the meter runs while a reader found
 * nothing to read, not while the servlet is busy with what it has.
 */
public final class MeteredBody extends Request.Wrapper {

    private final BodyLimits limits;
    private final InstantSource clock;

    private boolean asked;
    private boolean exempt;
    private boolean failed;
    private long bytes;
    private Duration waited = Duration.ZERO;
    private Instant waitingSince;

    MeteredBody(Request wrapped, BodyLimits limits, InstantSource clock) {
        super(wrapped);
        this.limits = limits;
        this.clock = clock;
    }

    /** Lifts both bounds: the body is a stream that may last, and pause, as long as it likes. */
    public synchronized void exempt() {
        exempt = true;
    }

    @Override
    public Content.Chunk read() {
        asked();
        Content.Chunk chunk = super.read();
        if (chunk == null) {
            waits();
            return null;
        }
        if (!arrived(chunk.getByteBuffer())) {
            return chunk;
        }
        chunk.release();
        getWrapped()
                .fail(new RefusedBody(
                        HttpStatus.PAYLOAD_TOO_LARGE_413, "body larger than " + limits.maxBytes() + " bytes"));
        return super.read();
    }

    private synchronized void asked() {
        asked = true;
    }

    /**
     * Whether the peer sends the body, to its end, whatever it is answered: not when it waits to be asked for it, nor
     * when the body is a stream that may last.
     */
    synchronized boolean comesUnasked() {
        return !exempt && (asked || !getHeaders().contains(HttpHeader.EXPECT, "100-continue"));
    }

    /** What is left is taken when the answer is out, so the connection lasts: Jetty need not announce its end. */
    @Override
    public boolean consumeAvailable() {
        return comesUnasked() || super.consumeAvailable();
    }

    private synchronized void waits() {
        if (waitingSince == null) {
            waitingSince = clock.instant();
        }
    }

    /** Counts; true when this made the body too large. */
    private synchronized boolean arrived(ByteBuffer content) {
        if (waitingSince != null) {
            waited = waited.plus(Duration.between(waitingSince, clock.instant()));
            waitingSince = null;
        }
        bytes += content == null ? 0 : content.remaining();
        if (exempt || failed || bytes <= limits.maxBytes()) {
            return false;
        }
        failed = true;
        return true;
    }

    /** Ends the wait for a body that comes too slowly: the reader's read fails, and answers 408 if it lets it. */
    void check() {
        if (becameTooSlow()) {
            getWrapped()
                    .fail(new RefusedBody(
                            HttpStatus.REQUEST_TIMEOUT_408,
                            "body slower than " + limits.minBytesPerSecond() + " bytes a second"));
        }
    }

    private synchronized boolean becameTooSlow() {
        if (exempt || failed || waitingSince == null) {
            return false;
        }
        failed = limits.tooSlow(bytes, waited.plus(Duration.between(waitingSince, clock.instant())));
        return failed;
    }
}
