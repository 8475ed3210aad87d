package io.millrace.http.body;

import io.millrace.http.peer.Client;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * A request whose body is counted as it is read. Only the peer's time counts: the meter runs while a reader found
 * nothing to read, not while the servlet is busy with what it has.
 */
public final class MeteredBody extends Request.Wrapper {

    private final Client client;
    private final BodyLimits limits;
    private final InstantSource clock;
    private final TransferRate rate;

    private boolean asked;
    private boolean exempt;
    private boolean failed;
    private boolean complete;
    private long bytes;

    MeteredBody(Request wrapped, BodyLimits limits, InstantSource clock) {
        super(wrapped);
        this.client = new Client(wrapped);
        this.limits = limits;
        this.clock = clock;
        this.rate = new TransferRate(limits);
        this.complete = !hasBody(wrapped);
    }

    /** RFC 9112 section 6.3: over HTTP/1.1, what names no length and no encoding has no body. */
    private static boolean hasBody(Request request) {
        return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
    }

    /** Who sends it. */
    public Client client() {
        return client;
    }

    /** Whether nothing of an HTTP/1.1 request is left to be read. */
    public synchronized boolean isComplete() {
        return complete;
    }

    /** Lifts the bounds: the body is a stream that may last, and pause, as long as it likes. */
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
        if (!arrived(chunk)) {
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

    /** {@link UnreadBody} reads the rest after the answer, so Jetty need not announce the end of the connection. */
    @Override
    public boolean consumeAvailable() {
        return comesUnasked() || super.consumeAvailable();
    }

    private synchronized void waits() {
        rate.waits(clock.instant());
    }

    /** Counts; true when this made the body too large. */
    private synchronized boolean arrived(Content.Chunk chunk) {
        int length = chunk.remaining();
        rate.moved(length, clock.instant());
        bytes += length;
        complete |= chunk.isLast() && !Content.Chunk.isFailure(chunk);
        if (exempt || failed || bytes <= limits.maxBytes()) {
            return false;
        }
        failed = true;
        return true;
    }

    /** Ends the wait for a body that comes too slowly or takes too long: the reader's read fails, and answers 408. */
    boolean check() {
        Optional<String> reason = becameTooSlow();
        reason.ifPresent(text -> getWrapped().fail(new RefusedBody(HttpStatus.REQUEST_TIMEOUT_408, text)));
        return reason.isPresent();
    }

    private synchronized Optional<String> becameTooSlow() {
        if (exempt || failed) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<String> reason = Optional.empty();
        if (rate.tooSlow(0, now)) {
            reason = Optional.of("body slower than " + limits.minBytesPerSecond() + " bytes a second");
        } else if (rate.isWaiting() && rate.waited(now).compareTo(limits.longest()) > 0) {
            reason = Optional.of("body not complete within " + limits.longest().toSeconds() + " seconds");
        }
        failed = reason.isPresent();
        return reason;
    }
}
