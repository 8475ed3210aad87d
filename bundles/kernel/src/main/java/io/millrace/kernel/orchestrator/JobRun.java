package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Failure.Kind;
import io.millrace.api.job.Failure.Reason;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.MessageSink;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.pipe.Pipe;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One job from its acceptance to its completion. {@link #run} is its story, on the thread of its session. The first
 * completion counts: a job that is given up is completed before its thread is interrupted, so that what the pipeline
 * makes of the interrupt is no result.
 */
final class JobRun implements Accepted {

    private static final System.Logger LOG = System.getLogger(JobRun.class.getName());

    /** How long a pipeline may go on after the deadline of its job, before its call is left behind. */
    private static final Duration GIVING_UP = Duration.ofSeconds(5);

    /** A rendition of fewer bytes is empty (go-livepeer core/orchestrator.go, transcodeSeg). */
    static final int MIN_RENDITION_BYTES = 25;

    private final LocalOrchestrator.Parts parts;
    private final Offers offers;
    private final Sessions sessions;
    private final Session session;
    private final Reservations reservations;
    private final Admitted job;
    private final Bytes input;
    private final Budget.Charge charge;
    private final Instant acceptedAt;
    private final Deadline deadline;
    private final CompletableFuture<Completion> completion = new CompletableFuture<>();
    private final AtomicBoolean reported = new AtomicBoolean();
    private volatile Instant startedAt;
    private volatile Pipe<Bytes> answers;

    /** Whether the pipeline is done with it, so that an interrupt would only disturb its end. Set by the sessions. */
    volatile boolean finishing;

    private volatile boolean givenUp;

    /** Counts the jobs of the session, from 0; set before the job runs. */
    volatile long number;

    /** What was let in. */
    record Admitted(AuthToken token, JobSpec spec, Payload payload, Payment payment, BalanceId balance) {}

    /** How one attempt ended. {@code begun} says whether the pipeline was given the job. */
    private record Ending(Completion completion, String pipeline, long units, boolean begun) {}

    /** {@code charge} is what the input was charged to; it is given back when the job is over. */
    JobRun(
            LocalOrchestrator.Parts parts,
            Offers offers,
            Sessions sessions,
            Session session,
            Admitted job,
            Bytes input,
            Budget.Charge charge,
            Duration time) {
        this.parts = parts;
        this.offers = offers;
        this.sessions = sessions;
        this.session = session;
        this.reservations = session.reservations;
        this.job = job;
        this.input = input;
        this.charge = charge;
        this.acceptedAt = parts.clock().instant();
        this.deadline = Deadline.in(time, parts.clock());
    }

    /** Does the job. Throws nothing. */
    void run() {
        startedAt = parts.clock().instant();
        try {
            Optional<Ending> ending = attempt();
            if (ending.isEmpty()) {
                // the pipeline was taken away under the job, which says nothing about the job
                ending = attempt();
            }
            Ending end = ending.orElseGet(() -> notBegun(Kind.PEER, Reason.NO_PIPELINE, "the pipeline has left"));
            sessions.finish(this);
            if (end.begun()) {
                parts.account().debit(job.spec(), job.balance(), job.payment(), isGivenUp() ? 0 : end.units());
            }
            settle(end.completion());
            report(end.completion(), end.pipeline(), end.units());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "A job could not be finished; its session goes on with the next one", e);
            settle(failed(Kind.PEER, Reason.BROKEN, "the job could not be finished"));
        } finally {
            over();
        }
    }

    /** Empty when the pipeline was taken away under the job. */
    private Optional<Ending> attempt() {
        return switch (isSettled() ? new Reservations.Nobody() : reservations.await(job.spec(), deadline)) {
            case Reservations.Reserved reserved -> {
                try (reserved) {
                    yield at(reserved);
                }
            }
            case Reservations.Full full -> Optional.of(notBegun(
                    Kind.BUSY, Reason.CAPPED, full.message().isBlank() ? "every pipeline is full" : full.message()));
            case Reservations.Failed failed -> Optional.of(
                    new Ending(broken(failed.cause(), isSettled()), "", 0, false));
            case Reservations.Nobody nobody -> Optional.of(
                    notBegun(Kind.PEER, Reason.NO_PIPELINE, "no pipeline is there that can do the job"));
        };
    }

    private Optional<Ending> at(Reservations.Reserved reserved) {
        try {
            return switch (call(reserved)) {
                case Result.Made made -> Optional.of(made(made, reserved.pipeline()));
                case Result.Failed failed when failed.failure().kind() != Kind.INPUT && isLost(reserved) ->
                    Optional.empty();
                case Result.Failed failed -> Optional.of(new Ending(
                        new Completion.Failed(failed.failure(), Optional.empty()), reserved.pipeline(), 0, true));
            };
        } catch (CallFailed e) {
            boolean lost = isLost(reserved);
            Completion failure = broken(e, lost || isSettled());
            return lost ? Optional.empty() : Optional.of(new Ending(failure, reserved.pipeline(), 0, true));
        }
    }

    private boolean isLost(Reservations.Reserved reserved) {
        return reserved.lease().withdrawn() && !isSettled();
    }

    /** The session interrupts a late job; a call that ignores that is left behind a little later. */
    private Result call(Reservations.Reserved reserved) {
        Duration limit = deadline.remaining(parts.clock()).plus(GIVING_UP);
        ForeignCall<Pipeline, Result> call = parts.roster().foreign().begin(
                reserved.lease(),
                pipeline -> Objects.requireNonNull(
                        job.payload() instanceof Payload.Request request && request.streaming()
                                ? stream(reserved.session(), request)
                                : reserved.session().run(job.payload(), input, deadline),
                        "it neither made anything nor failed"));
        try {
            return call.await(limit);
        } catch (CallFailed e) {
            if (e.isLate()) {
                reservations.abandon(reserved, call);
            }
            throw e;
        }
    }

    /** The job is complete with its first message; a failure before that is an ordinary one. */
    private Result stream(PipelineSession at, Payload.Request request) {
        Pipe<Bytes> pipe = new Pipe<>(Bytes::size, parts.budget(), parts.clock());
        answers = pipe;
        Completion streaming = streaming(pipe);
        MessageSink<Bytes> sink = new MessageSink<>() {
            @Override
            public void send(Bytes message, Deadline until) {
                completion.complete(streaming);
                pipe.sink().send(message, until.orEarlier(deadline));
            }

            @Override
            public void close() {
                pipe.sink().close();
            }
        };
        try {
            Result result = at.stream(request, input, sink, deadline);
            switch (result) {
                case Result.Made made -> pipe.sink().close();
                case Result.Failed failed -> pipe.fail(
                        new Fault(Fault.Consequence.RETRY_ELSEWHERE, failed.failure().message()));
            }
            return result;
        } catch (RuntimeException | Error e) {
            pipe.fail(new Fault(Fault.Consequence.RETRY_ELSEWHERE, "the pipeline failed"));
            throw e;
        }
    }

    private static Completion streaming(Pipe<Bytes> pipe) {
        return new Completion.Streaming(pipe.source(), "text/event-stream");
    }

    /** Keeps what was made where the gateway fetches it, and signs renditions; or says what is wrong with it. */
    private Ending made(Result.Made made, String pipeline) {
        if (answers != null) {
            return new Ending(streaming(answers), pipeline, made.units(), true);
        }
        if (isSettled()) {
            // given up meanwhile: nobody would fetch what was made
            return new Ending(completion.join(), pipeline, 0, true);
        }
        Optional<Completion> objection =
                job.payload() instanceof Payload.Transcode asked ? objection(asked, made.artifacts()) : Optional.empty();
        if (objection.isPresent()) {
            return new Ending(objection.get(), pipeline, 0, true);
        }
        try {
            Completion.Done done = Completion.Done.of(keep(made.artifacts()))
                    .withSignature(sign(made.artifacts()))
                    .withAnswer(made.status(), made.headers())
                    .withUnits(made.units());
            return new Ending(done, pipeline, made.units(), true);
        } catch (Fault e) {
            Completion failure = e.consequence() == Fault.Consequence.BUSY
                    ? failed(Kind.BUSY, Reason.BUSY, e.getMessage())
                    : failed(Kind.PEER, Reason.BROKEN, e.getMessage());
            return new Ending(failure, pipeline, 0, true);
        }
    }

    private static Optional<Completion> objection(Payload.Transcode asked, List<Artifact> made) {
        if (made.size() != asked.profiles().size()) {
            return Optional.of(failed(
                    Kind.PEER,
                    Reason.MISMATCHED,
                    "the pipeline made " + made.size() + " renditions instead of " + asked.profiles().size()));
        }
        return made.stream().anyMatch(each -> each.data().size() < MIN_RENDITION_BYTES)
                ? Optional.of(failed(Kind.PEER, Reason.EMPTY, "the pipeline made an empty rendition"))
                : Optional.empty();
    }

    private List<Output> keep(List<Artifact> artifacts) {
        long its = job.payload() instanceof Payload.Transcode transcode ? transcode.sequence() : number;
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < artifacts.size(); i++) {
            outputs.add(KeptOutput.keep(parts.store(), session.id, its, i, artifacts.get(i)));
        }
        return outputs;
    }

    /** Over the hash of the renditions' hashes, in their order (go-livepeer core/orchestrator.go, transcodeSeg). */
    private Bytes sign(List<Artifact> artifacts) {
        if (!(job.payload() instanceof Payload.Transcode) || !parts.account().signs()) {
            return Bytes.EMPTY;
        }
        byte[][] hashes = artifacts.stream()
                .map(artifact -> Keccak256.of(artifact.data()).unsafeArray())
                .toArray(byte[][]::new);
        return parts.account().sign(Keccak256.of(hashes));
    }

    private static Ending notBegun(Kind kind, Reason reason, String message) {
        return new Ending(failed(kind, reason, message), "", 0, false);
    }

    private static Completion failed(Kind kind, Reason reason, String message) {
        return new Completion.Failed(new Failure(kind, reason, message), Optional.empty());
    }

    /** What the pipeline threw goes to the operator's log, unless it is {@code expected}; a gateway is not told. */
    private static Completion broken(CallFailed cause, boolean expected) {
        if (cause.isLate()) {
            return failed(Kind.TIMEOUT, Reason.LATE, "the job was not done in time");
        }
        LOG.log(
                expected ? Level.DEBUG : Level.ERROR,
                "A pipeline failed; its session goes on with the next job: " + cause.getMessage(),
                cause);
        return failed(Kind.PEER, Reason.BROKEN, "the pipeline failed");
    }

    /** Completes the job and adds the next offer, made for whoever paid; whether this was the first completion. */
    private boolean settle(Completion end) {
        if (isSettled()) {
            return false;
        }
        return completion.complete(
                switch (end) {
                    case Completion.Done done -> done.withNext(next());
                    case Completion.Failed failed -> new Completion.Failed(failed.failure(), next());
                    case Completion.Streaming streaming -> streaming;
                });
    }

    private Optional<Offer> next() {
        Caller caller = new Caller(job.payment().sender(), Bytes.EMPTY, Optional.of(job.balance()));
        return offers.next(job.token(), job.spec(), caller, Deadline.in(Duration.ZERO, parts.clock()));
    }

    /** Tells the listeners how the job ended, once. */
    private void report(Completion end, String pipeline, long units) {
        if (!reported.compareAndSet(false, true)) {
            return;
        }
        Instant now = parts.clock().instant();
        Instant started = startedAt == null ? now : startedAt;
        Optional<String> error = end instanceof Completion.Failed failed
                ? Optional.of(failed.failure().message())
                : Optional.empty();
        long sequence = 0;
        Duration duration = Duration.ZERO;
        List<String> renditions = List.of();
        if (job.payload() instanceof Payload.Transcode transcode) {
            sequence = transcode.sequence();
            duration = transcode.duration();
            renditions = transcode.profiles().stream().map(VideoProfile::name).toList();
        }
        parts.events().happened(new KernelEvents.JobServed(
                session.id,
                pipeline,
                sequence,
                duration,
                Duration.between(acceptedAt, started),
                Duration.between(started, now),
                units,
                error,
                renditions));
    }

    /** Gives back what the job holds, once: it has run, or was taken out of the queue. */
    void over() {
        charge.close();
        reservations.release(job.spec());
    }

    boolean isSettled() {
        return completion.isDone();
    }

    /** Whether it is past its deadline, still at work, and was not given up yet. */
    boolean isLate() {
        return deadline.expired(parts.clock()) && !givenUp && (!isSettled() || isStreaming());
    }

    private boolean isStreaming() {
        return answers != null && !finishing;
    }

    /** Whether it was done, or answered at least one message. */
    boolean succeeded() {
        return isSettled() && !(completion.join() instanceof Completion.Failed);
    }

    private boolean isGivenUp() {
        return isSettled() && completion.join() instanceof Completion.Failed;
    }

    /** It was not done by its deadline. */
    void giveUpLate() {
        giveUp(failed(Kind.TIMEOUT, Reason.LATE, "the job was not done in time"));
    }

    /** The node stops. */
    void stop() {
        if (deadline.expired(parts.clock())) {
            giveUpLate();
        } else {
            giveUp(failed(Kind.PEER, Reason.STOPPED, "the node stops"));
        }
    }

    /** Its gateway gives it up, or has the result. */
    @Override
    public void close() {
        giveUp(failed(Kind.CANCELLED, Reason.STOPPED, "the job was given up"));
        Pipe<Bytes> stream = answers;
        if (stream != null) {
            stream.source().close();
        }
    }

    private void giveUp(Completion end) {
        boolean first = settle(end);
        if (first) {
            report(end, "", 0);
        }
        if (first || isStreaming()) {
            givenUp = true;
            sessions.drop(session, this);
        }
    }

    @Override
    public Completion await(Deadline until) {
        try {
            return completion.get(
                    TimeUnit.NANOSECONDS.convert(until.remaining(parts.clock())), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return failed(Kind.TIMEOUT, Reason.LATE, "the job was not done in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(Kind.CANCELLED, Reason.STOPPED, "the wait for the job was given up");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a completion is never exceptional", e);
        }
    }
}
