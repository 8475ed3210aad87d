package io.millrace.ffmpeg;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;

/**
 * Gives freed memory back to the system when nothing has run for a while, since the allocator keeps some 400 MB after
 * a busy hour. For any thread.
 */
final class MemoryTrim implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("millrace-ffmpeg-trim").daemon().factory());
    private final Duration quiet;
    private int running;
    private ScheduledFuture<?> planned;

    MemoryTrim(Duration quiet) {
        this.quiet = quiet;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Something runs. */
    synchronized void begin() {
        running++;
        if (planned != null) {
            planned.cancel(false);
            planned = null;
        }
    }

    /** It has ended. */
    synchronized void end() {
        running--;
        if (running == 0 && !timer.isShutdown()) {
            planned = timer.schedule(() -> { Pointer.trimMemory(); }, quiet.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public synchronized void close() {
        timer.shutdownNow();
    }
}
