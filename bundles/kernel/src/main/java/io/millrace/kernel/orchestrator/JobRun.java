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
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.MessageSink;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.payment.ResultDigest;
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

    private static final Failure LATE = new Failure(Kind.TIMEOUT, Reason.LATE, "the job was not done in time");

    final Session session;
    final Reservations reservations;
    final JobSpec spec;
    final Payment payment;
    private final LocalOrchestrator node;
    private final LocalOrchestrator.Parts parts;
    private final AuthToken token;
    private final Payload payload;
    private final Budget.Charge charge;
    private final CompletableFuture<Completion> completion = new CompletableFuture<>();

    /** These three are set before the job is accepted. */
    private Bytes input;

    private Instant acceptedAt;
    private Deadline deadline;

    private volatile Instant startedAt;
    private volatile Pipe<Bytes> answers;

    /** Whether the pipeline is done with it, so that an interrupt would only disturb its end. Set by the sessions. */
    volatile boolean finishing;

    private volatile boolean givenUp;

    /** The pipeline that was given the job, once one was, and what it cost there; for the job's own thread. */
    private Optional<String> pipeline = Optional.empty();

    private long units;

    /** Its streamed answer was debited when it began; by the pipeline's thread. */
    private volatile boolean debited;

    /** A job that was let in at its session and holds what it needs there until it is {@link #over}. */
    JobRun(
            LocalOrchestrator node, Session session, AuthToken token, JobSpec spec, Payload payload, Payment payment) {
        this.node = node;
        this.parts = node.parts;
        this.session = session;
        this.reservations = session.reservations;
        this.token = token;
        this.spec = spec;
        this.payload = payload;
        this.payment = payment;
        this.charge = parts.budget().open("job");
        reservations.use(spec);
    }

    ManifestId manifest() {
        return switch (payload) {
            case Payload.Transcode transcode -> transcode.manifest();
            case Payload.Request request -> new ManifestId("capability-" + request.capability());
        };
    }

    BalanceId balance() {
        return payload instanceof Payload.Request request
                ? BalanceId.of(request.capability(), request.model())
                : BalanceId.of(session.id);
    }

    /** Reads the input, whose time begins then; why the job is refused, or empty. */
    Optional<Refusal> read(Body body) {
        switch (body.read(parts.settings().get().maxBodyBytes())) {
            case Body.Read.Rejected rejected -> {
                return Optional.of(rejected.refusal());
            }
            case Body.Read.Received received -> input = received.bytes();
        }
        acceptedAt = parts.clock().instant();
        deadline = Deadline.in(parts.settings().get().time(payload), parts.clock());
        return charge.add(input.size())
                ? Optional.empty()
                : Optional.of(new Refusal(Refusal.Reason.BUSY, "there is no memory for the input"));
    }

    /** Does the job. Throws nothing. */
    void run() {
        startedAt = parts.clock().instant();
        try {
            // a pipeline that is taken away under the job says nothing about the job, which is tried once more
            Completion end = attempt()
                    .or(this::attempt)
                    .orElseGet(() -> failed(Kind.PEER, Reason.NO_PIPELINE, "the pipeline has left"));
            node.sessions.finish(this);
            if (completion.isDone()
                    && completion.join() instanceof Completion.Streaming
                    && payload instanceof Payload.Request request) {
                // who leaves before the end has had most of the answer, which cost the same to make
                units = Math.max(units, request.units().orElse(0));
            }
            if (pipeline.isPresent() && !debited) {
                parts.account().debit(spec, balance(), payment, isSettled() && !succeeded() ? 0 : units);
            }
            if (settle(end) || completion.join() instanceof Completion.Streaming) {
                report(end, pipeline.orElse(""), units);
            }
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "A job could not be finished; its session goes on with the next one", e);
            settle(failed(Kind.PEER, Reason.BROKEN, "the job could not be finished"));
        } finally {
            over();
        }
    }

    /** Empty when the pipeline was taken away under the job. */
    private Optional<Completion> attempt() {
        return switch (isSettled() ? Reservations.NOBODY : reservations.await(spec, deadline)) {
            case Reservations.None none -> Optional.of(failed(none.failure()));
            case Reservations.Reserved reserved -> {
                try (reserved) {
                    Optional<Completion> end = at(reserved);
                    pipeline = end.map(_ -> reserved.pipeline());
                    yield end;
                }
            }
        };
    }

    private Optional<Completion> at(Reservations.Reserved reserved) {
        try {
            return switch (call(reserved)) {
                case Result.Made made -> Optional.of(made(made));
                case Result.Failed failed when failed.failure().kind() != Kind.INPUT && isLost(reserved) ->
                    Optional.empty();
                case Result.Failed failed -> Optional.of(failed(failed.failure()));
            };
        } catch (CallFailed e) {
            boolean lost = isLost(reserved);
            Completion failure = broken(e, lost || isSettled());
            return lost ? Optional.empty() : Optional.of(failure);
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
                        payload instanceof Payload.Request request && request.streaming()
                                ? stream(reserved.session(), request)
                                : reserved.session().run(payload, input, deadline),
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
                if (completion.complete(streaming) && request.units().isPresent()) {
                    // before its first message is out, so that nobody has it for nothing (go-livepeer: ai_http.go)
                    debited = true;
                    parts.account().debit(spec, balance(), payment, request.units().getAsLong());
                }
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
    private Completion made(Result.Made made) {
        if (answers != null) {
            units = cost(made);
            return streaming(answers);
        }
        if (isSettled()) {
            // given up meanwhile: nobody would fetch what was made
            return completion.join();
        }
        Optional<Completion> objection =
                payload instanceof Payload.Transcode asked ? objection(asked, made.artifacts()) : Optional.empty();
        if (objection.isPresent()) {
            return objection.get();
        }
        try {
            Completion done = Completion.Done.of(keep(made.artifacts()))
                    .withSignature(sign(made.artifacts()))
                    .withAnswer(made.status(), made.headers())
                    .withUnits(cost(made));
            units = cost(made);
            return done;
        } catch (Fault e) {
            boolean busy = e.consequence() == Fault.Consequence.BUSY;
            return failed(busy ? Kind.BUSY : Kind.PEER, busy ? Reason.BUSY : Reason.BROKEN, e.getMessage());
        }
    }

    /** By the network's rule for such a request where there is one, else as the pipeline counted. */
    private long cost(Result.Made made) {
        return payload instanceof Payload.Request request ? request.units().orElseGet(made::units) : made.units();
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
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < artifacts.size(); i++) {
            outputs.add(
                    payload instanceof Payload.Transcode transcode
                            ? KeptOutput.ofSegment(parts.store(), session.id, transcode.sequence(), i, artifacts.get(i))
                            : KeptOutput.ofRequest(parts.store(), session.id, i, artifacts.get(i)));
        }
        return outputs;
    }

    private Bytes sign(List<Artifact> artifacts) {
        if (!(payload instanceof Payload.Transcode) || !parts.account().signs()) {
            return Bytes.EMPTY;
        }
        return parts.account().sign(ResultDigest.of(artifacts.stream().map(Artifact::data).toList()));
    }

    private static Completion failed(Kind kind, Reason reason, String message) {
        return failed(new Failure(kind, reason, message));
    }

    private static Completion failed(Failure failure) {
        return new Completion.Failed(failure, Optional.empty());
    }

    /** What the pipeline threw goes to the operator's log, unless it is {@code expected}; a gateway is not told. */
    private static Completion broken(CallFailed cause, boolean expected) {
        if (cause.isLate()) {
            return failed(LATE);
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
        Caller caller = new Caller(payment.sender(), Bytes.EMPTY, Optional.of(balance()));
        return node.offer(token, spec, caller, Deadline.in(Duration.ZERO, parts.clock())) instanceof Offer offer
                ? Optional.of(offer)
                : Optional.empty();
    }

    /** Tells the listeners how the job ended. */
    private void report(Completion end, String pipeline, long units) {
        Instant now = parts.clock().instant();
        Instant started = startedAt == null ? now : startedAt;
        Optional<String> error = end instanceof Completion.Failed failed
                ? Optional.of(failed.failure().message())
                : Optional.empty();
        long sequence = 0;
        Duration duration = Duration.ZERO;
        List<String> renditions = List.of();
        if (payload instanceof Payload.Transcode transcode) {
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
        reservations.release(spec);
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

    /** It was not done by its deadline. */
    void giveUpLate() {
        giveUp(failed(LATE));
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
            node.sessions.drop(this);
        }
    }

    @Override
    public Completion await(Deadline until) {
        try {
            return completion.get(
                    TimeUnit.NANOSECONDS.convert(until.remaining(parts.clock())), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return failed(LATE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(Kind.CANCELLED, Reason.STOPPED, "the wait for the job was given up");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a completion is never exceptional", e);
        }
    }
}
