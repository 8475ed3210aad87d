package io.millrace.ffmpeg;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.value.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform threads that codecs run on, since a native call on a virtual thread would hold up all others. A
 * bounded number of segments runs at once; the others wait in the order in which they came. For any thread.
 */
final class CodecThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CodecThreads.class);

    /** A segment's reader and its ten renditions. */
    private static final int THREADS_PER_SEGMENT = 11;

    private static final int IDLE_SECONDS = 10;

    private final Semaphore places;
    private final ThreadPoolExecutor threads;
    private final MemoryTrim trim;
    private final InstantSource clock;
    private final Duration stop;
    private final Set<Transcoding> running = ConcurrentHashMap.newKeySet();
    private final Phaser users = new Phaser(1);
    private final Interruption interruption = new Interruption();
    private volatile boolean closed;

    CodecThreads(int concurrency, Duration quiet, Duration stop, InstantSource clock) {
        this.places = new Semaphore(concurrency, true);
        this.trim = new MemoryTrim(quiet);
        this.clock = clock;
        this.stop = stop;
        this.threads = new ThreadPoolExecutor(
                0,
                concurrency * THREADS_PER_SEGMENT,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("millrace-ffmpeg-", 0).daemon().factory());
    }

    Executor threads() {
        return threads;
    }

    /** Ends native work that reads. */
    Interruption interruption() {
        return interruption;
    }

    /** Announces a call of {@link #run}; false while this is being closed, else the caller must call {@link #exit()}. */
    boolean enter() {
        return users.register() >= 0;
    }

    void exit() {
        users.arriveAndDeregister();
    }

    /** Lets all who entered finish, each within its deadline, then closes. */
    void leave() {
        users.arriveAndDeregister();
        users.awaitAdvance(0);
        close();
    }

    /**
     * Waits for a place, then for the work. When this ends early the work is cancelled; its place is
     * free again when its last native call has returned.
     */
    List<Artifact> run(Transcoding work, Deadline deadline)
            throws InterruptedException, TimeoutException, ExecutionException {
        if (!places.tryAcquire(deadline.remaining(clock).toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException();
        }
        FutureTask<List<Artifact>> task = new FutureTask<>(work);
        running.add(work);
        trim.begin();
        boolean done = false;
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    leave(work);
                }
            });
            if (closed) {
                work.cancel(CodecError.stopped());
            }
            List<Artifact> artifacts = task.get(deadline.remaining(clock).toNanos(), TimeUnit.NANOSECONDS);
            done = true;
            return artifacts;
        } catch (RejectedExecutionException e) {
            leave(work);
            throw CodecError.stopped();
        } finally {
            if (!done) {
                work.cancel(CodecError.cancelled());
            }
        }
    }

    private void leave(Transcoding work) {
        running.remove(work);
        places.release();
        trim.end();
    }

    /** Ends what runs, and waits for it no longer than agreed. */
    @Override
    public void close() {
        closed = true;
        running.forEach(work -> work.cancel(CodecError.stopped()));
        threads.shutdown();
        trim.close();
        try {
            if (threads.awaitTermination(stop.toNanos(), TimeUnit.NANOSECONDS)) {
                interruption.close();
            } else {
                LOG.warn("A codec call has not returned {} s after it was cancelled; it is left to end by itself.",
                        stop.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
