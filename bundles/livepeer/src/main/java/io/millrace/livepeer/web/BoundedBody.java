package io.millrace.livepeer.web;

import io.millrace.api.value.Bytes;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Collects a response's body up to a limit. The response counts as arrived with its headers; its body
 * is a future of its own, so that the two can be waited for with a deadline each.
 */
final class BoundedBody implements BodySubscriber<BoundedBody> {

    private final long limit;
    private final CompletableFuture<Bytes> bytes = new CompletableFuture<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private Flow.Subscription subscription;
    private boolean cancelled;
    private long size;

    BoundedBody(long limit) {
        this.limit = limit;
    }

    /** The whole body; fails when the connection breaks or the body is over the limit. */
    CompletableFuture<Bytes> bytes() {
        return bytes;
    }

    /** Tells the peer that nobody waits any more. */
    synchronized void cancel() {
        cancelled = true;
        if (subscription != null) {
            subscription.cancel();
        }
        bytes.completeExceptionally(new IOException("given up"));
    }

    @Override
    public CompletionStage<BoundedBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        if (cancelled) {
            subscription.cancel();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            size += buffer.remaining();
            parts.add(buffer);
        }
        if (size > limit) {
            parts.clear();
            bytes.completeExceptionally(new IOException("more than " + limit + " bytes"));
            cancel();
        }
    }

    @Override
    public void onError(Throwable cause) {
        bytes.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        byte[] all = new byte[(int) size];
        int at = 0;
        for (ByteBuffer part : parts) {
            int length = part.remaining();
            part.get(all, at, length);
            at += length;
        }
        parts.clear();
        bytes.complete(Bytes.wrap(all));
    }
}
