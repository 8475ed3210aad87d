package org.example.loudness;

import io.millrace.api.job.Failure;
import io.millrace.api.value.Deadline;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A few threads for native calls. The node calls on as many threads as it has sessions; here they only wait, and
 * no more calls run at once than the processors bear.
 */
final class NativeThreads implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(NativeThreads.class.getName());

    private final String name;
    private final Duration stop;
    private final InstantSource clock;
    private final ExecutorService threads;

    /** What came of it. */
    sealed interface Outcome<T> {

        /** It was done. */
        record Done<T>(T value) implements Outcome<T> {}

        /** It was not. */
        record Failed<T>(Failure failure) implements Outcome<T> {}
    }

    NativeThreads(String name, int count, Duration stop, InstantSource clock) {
        this.name = name;
        this.stop = stop;
        this.clock = clock;
        // no more tasks wait than there are sessions, each with one job
        threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    }

    /** Runs the work on one of the threads; the caller's interrupt and the deadline interrupt it there. */
    <T> Outcome<T> run(Callable<T> work, Deadline deadline) {
        Future<T> running;
        try {
            running = threads.submit(work);
        } catch (RejectedExecutionException e) {
            return failed(Failure.Kind.PEER, name + " has stopped");
        }
        try {
            return new Outcome.Done<>(
                    running.get(TimeUnit.NANOSECONDS.convert(deadline.remaining(clock)), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return failed(Failure.Kind.TIMEOUT, "not done in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(Failure.Kind.CANCELLED, "given up");
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } finally {
            running.cancel(true);
        }
    }

    private <T> Outcome<T> failed(Throwable cause) {
        return switch (cause) {
            case UnmeasurableSound unmeasured -> failed(Failure.Kind.INPUT, unmeasured.getMessage());
            case InterruptedException stopped -> failed(Failure.Kind.PEER, name + " has stopped");
            default -> {
                LOG.log(Level.ERROR, name + " failed; the next file is measured", cause);
                yield failed(Failure.Kind.PEER, name + " failed: " + cause);
            }
        };
    }

    private static <T> Outcome<T> failed(Failure.Kind kind, String message) {
        return new Outcome.Failed<>(new Failure(kind, message));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(stop.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, name + " is still busy after " + stop.toSeconds() + " s; it ends by itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
