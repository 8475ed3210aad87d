package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.value.Deadline;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A segment from hand-in to its result. */
final class SegmentEntry implements Pending {

    private final InstantSource clock;
    private final Segment segment;
    private final MediaInfo info;
    private final boolean reinit;
    private final Instant handedIn;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final CompletableFuture<SegmentResult> result = new CompletableFuture<>();
    private final CountDownLatch shown = new CountDownLatch(1);

    SegmentEntry(Segment segment, MediaInfo info, boolean reinit, InstantSource clock) {
        this.segment = segment;
        this.info = info;
        this.reinit = reinit;
        this.clock = clock;
        this.handedIn = clock.instant();
    }

    @Override
    public SegmentResult await(Deadline deadline) {
        try {
            return result.get(deadline.remaining(clock).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new SegmentResult.Dropped("not ready in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new SegmentResult.Dropped("nobody waits for it any more");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    Segment segment() {
        return segment;
    }

    MediaInfo info() {
        return info;
    }

    /** Whether its format is not that of the segment before. */
    boolean reinit() {
        return reinit;
    }

    Instant handedIn() {
        return handedIn;
    }

    /** Whether the caller is the one who settles it. */
    boolean claim() {
        return settled.compareAndSet(false, true);
    }

    void complete(SegmentResult newResult) {
        result.complete(newResult);
    }

    /** Its source is with the publishers, or will not be before its turn comes. */
    void shown() {
        shown.countDown();
    }

    boolean awaitShown(long millis) throws InterruptedException {
        return shown.await(millis, TimeUnit.MILLISECONDS);
    }
}
