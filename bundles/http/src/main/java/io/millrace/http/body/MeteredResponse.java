package io.millrace.http.body;

import io.millrace.http.peer.Client;
import io.millrace.http.peer.PeerAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;

/**
 * A response whose bytes are counted as the client takes them. A client that takes them too slowly is cut off: it
 * holds a thread and buffers, and each byte that it takes restarts Jetty's own idle time.
 */
final class MeteredResponse extends Response.Wrapper {

    /** What is written at once; while it is under way nothing is known of its progress. */
    private static final int SLICE = 65_536;

    private final Client client;
    private final InstantSource clock;
    private final TransferRate rate;
    private long pending;
    private boolean cutOff;

    MeteredResponse(MeteredBody request, Response wrapped, BodyLimits limits, InstantSource clock) {
        super(request, wrapped);
        this.client = request.client();
        this.clock = clock;
        this.rate = new TransferRate(limits);
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (BufferUtil.length(content) <= SLICE) {
            writeSlice(last, content, callback);
            return;
        }
        if (last && !isCommitted() && !getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
            getHeaders().put(HttpHeader.CONTENT_LENGTH, content.remaining());
        }
        new IteratingNestedCallback(callback) {
            @Override
            protected Action process() {
                if (!content.hasRemaining()) {
                    return Action.SUCCEEDED;
                }
                int length = Math.min(SLICE, content.remaining());
                ByteBuffer slice = content.slice(content.position(), length);
                content.position(content.position() + length);
                writeSlice(last && !content.hasRemaining(), slice, this);
                return Action.SCHEDULED;
            }
        }.iterate();
    }

    private void writeSlice(boolean last, ByteBuffer content, Callback callback) {
        int length = BufferUtil.length(content);
        begin(length);
        super.write(last, content, new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                end(length);
                super.succeeded();
            }

            @Override
            public void failed(Throwable failure) {
                end(length);
                super.failed(failure);
            }
        });
    }

    private synchronized void begin(int length) {
        pending = length;
        rate.waits(clock.instant());
    }

    private synchronized void end(int length) {
        pending = 0;
        rate.moved(length, clock.instant());
    }

    PeerAddress address() {
        return client.address();
    }

    /** Cuts the client off if it is too slow; true when this did it. */
    boolean check() {
        if (!becameTooSlow()) {
            return false;
        }
        client.cutOff("the client took the answer too slowly");
        return true;
    }

    private synchronized boolean becameTooSlow() {
        if (cutOff) {
            return false;
        }
        cutOff = rate.tooSlow(pending, clock.instant());
        return cutOff;
    }
}
