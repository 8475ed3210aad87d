package io.millrace.ffmpeg;

import io.millrace.api.value.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ends the work on one segment: when its caller has left, when a part of it has failed, or when it takes more time or
 * makes more pixels than media of its length can need. All threads of the segment ask it before each packet and each
 * picture. Thread-safe.
 */
final class WorkGuard {

    /** Time for a segment, however short it is. */
    private static final Duration LEAST_TIME = Duration.ofSeconds(30);

    /** Time for a segment as a multiple of its length. */
    private static final int TIME_FACTOR = 10;

    private final AtomicReference<Throwable> cause = new AtomicReference<>();
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private final AtomicLong pixels = new AtomicLong();
    private final long pixelsPerSecond;
    private final InstantSource clock;
    private volatile Instant begun;
    private volatile Deadline deadline = new Deadline(Instant.MAX);
    private volatile double seconds;

    /** @param pixelsPerSecond that may be decoded and encoded for each second of media */
    WorkGuard(long pixelsPerSecond, InstantSource clock) {
        this.pixelsPerSecond = pixelsPerSecond;
        this.clock = clock;
    }

    /** A guard for the bundle's own sample, which no peer has made; it bounds no pixels. */
    static WorkGuard none() {
        return new WorkGuard(Long.MAX_VALUE / 1000, InstantSource.system());
    }

    /** The time of the segment begins. */
    void begin() {
        begun = clock.instant();
        media(0);
    }

    /** Reports how many seconds of media were found; the limits only grow with it. */
    void media(double found) {
        if (deadline.at().equals(Instant.MAX) || found > seconds) {
            seconds = found;
            Duration time = Duration.ofMillis((long) (TIME_FACTOR * 1000 * found));
            deadline = new Deadline(begun.plus(time.compareTo(LEAST_TIME) > 0 ? time : LEAST_TIME));
        }
    }

    /** Ends the work; only the first cause is kept. Harmless at any time. */
    void end(Throwable why) {
        if (cause.compareAndSet(null, why)) {
            actions.forEach(Runnable::run);
        }
    }

    /** Runs the action when the work ends, at once when it has ended. It may run twice. */
    void onEnd(Runnable action) {
        actions.add(action);
        if (ended()) {
            action.run();
        }
    }

    boolean ended() {
        return cause.get() != null;
    }

    /** Why it has ended; null when it has not. */
    Throwable cause() {
        return cause.get();
    }

    /**
     * Goes on only when the work has not ended and is in time.
     *
     * @throws FrameQueue.Poisoned when it has ended
     */
    void check() {
        if (ended()) {
            throw new FrameQueue.Poisoned();
        }
        if (deadline.expired(clock)) {
            throw CodecError.late();
        }
    }

    /** As {@link #check}, before a picture of so many pixels is worked on. */
    void spend(long area) {
        check();
        if (pixels.addAndGet(area) > pixelsPerSecond * Math.max(1, seconds)) {
            throw new CodecError(CodecError.RUNAWAY);
        }
    }
}
