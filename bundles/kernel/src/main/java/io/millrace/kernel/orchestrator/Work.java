package io.millrace.kernel.orchestrator;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A job that was accepted, from its acceptance to its completion. */
final class Work implements Accepted {

    final AuthToken token;
    final JobSpec spec;
    final Payload payload;
    final Bytes input;
    final Instant acceptedAt;
    final Deadline deadline;

    private final InstantSource clock;
    private final Consumer<Work> cancel;
    private final CompletableFuture<Completion> completion = new CompletableFuture<>();
    private final AtomicBoolean reported = new AtomicBoolean();

    /** Guarded by the lock of {@link Sessions}: the thread that works, and since when. */
    Thread thread;

    Instant startedAt;

    Work(
            AuthToken token,
            JobSpec spec,
            Payload payload,
            Bytes input,
            Deadline deadline,
            InstantSource clock,
            Consumer<Work> cancel) {
        this.token = token;
        this.spec = spec;
        this.payload = payload;
        this.input = input;
        this.acceptedAt = clock.instant();
        this.deadline = deadline;
        this.clock = clock;
        this.cancel = cancel;
    }

    /** The first completion counts; whether this was it. */
    boolean settle(Completion end) {
        return completion.complete(end);
    }

    boolean isSettled() {
        return completion.isDone();
    }

    /** True once, for whoever reports the end of the work. */
    boolean report() {
        return reported.compareAndSet(false, true);
    }

    @Override
    public Completion await(Deadline until) {
        try {
            return completion.get(TimeUnit.NANOSECONDS.convert(until.remaining(clock)), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return failed(Failure.Kind.TIMEOUT, Texts.TOO_LONG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(Failure.Kind.CANCELLED, Texts.STOPPED);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a completion is never exceptional", e);
        }
    }

    static Completion.Failed failed(Failure.Kind kind, String text) {
        return new Completion.Failed(new Failure(kind, text), Optional.empty());
    }

    @Override
    public void close() {
        cancel.accept(this);
    }
}
