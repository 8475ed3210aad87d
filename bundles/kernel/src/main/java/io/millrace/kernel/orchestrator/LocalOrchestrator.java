package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.store.MemoryObjectStore;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * This node's own orchestrator. A job is admitted before its body is read, in the order of go-livepeer
 * (server/segment_rpc.go, ServeSegment; server/ai_http.go, handleAIRequest): capabilities, token, room, capacity of a
 * pipeline, payment. Whatever was taken for a job that is refused after all is given back. Thread-safe.
 */
public final class LocalOrchestrator implements Orchestrator, AutoCloseable {

    /** Longest segment (go-livepeer common/util.go, MaxDuration). */
    static final Duration MAX_DURATION = Duration.ofMinutes(5);

    /** Length of a segment whose sender does not say (go-livepeer core/streamdata.go). */
    private static final Duration UNSAID_DURATION = Duration.ofSeconds(2);

    /** How long a drain waits for the last results to be fetched: gateways fetch at once. */
    private static final Duration FETCH_TIME = Duration.ofSeconds(4);

    private final Parts parts;
    private final Tokens tokens;
    private final Offers offers;
    private final Sessions sessions;

    /**
     * What it works with.
     *
     * @param settings its limits now
     * @param endpoint where gateways reach it; empty as long as that is not known
     * @param secret what tokens are made with, 32 bytes
     * @param account who is paid and signs
     * @param budget memory for inputs and messages
     */
    public record Parts(
            Supplier<OrchestratorSettings> settings,
            Supplier<Optional<URI>> endpoint,
            Bytes secret,
            Roster roster,
            Account account,
            MemoryObjectStore store,
            Budget budget,
            NodeEvents events,
            InstantSource clock) {}

    /** An orchestrator without pipelines. */
    public LocalOrchestrator(Parts parts) {
        this.parts = parts;
        tokens = new Tokens(parts.secret, parts.clock);
        offers = new Offers(parts);
        sessions = new Sessions(parts);
    }

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        Optional<Refusal> no = sessions.objection();
        return said(no.isPresent() ? no.get() : offers.offer(tokens.issue(), spec, caller, deadline));
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        JobSpec spec = spec(job);
        Optional<Refusal> no = malformed(job.payload()).or(() -> objection(token, spec));
        if (no.isPresent()) {
            return refused(no.get());
        }
        AuthToken own = token.orElseThrow();
        return switch (sessions.admit(own.session())) {
            case Sessions.Admission.Denied denied -> refused(denied.refusal());
            case Sessions.Admission.Granted granted -> {
                BalanceId balance = job.payload() instanceof Payload.Request request
                        ? BalanceId.of(request.capability(), request.model())
                        : BalanceId.of(own.session());
                JobRun.Admitted admitted = new JobRun.Admitted(own, spec, job.payload(), payment, balance);
                yield submit(granted.session(), admitted, job.body(), deadline);
            }
        };
    }

    /** From the moment that the job holds a place at its session. */
    private Submission submit(Session session, JobRun.Admitted job, Body body, Deadline deadline) {
        Reservations reservations = session.reservations;
        reservations.use(job.spec());
        Budget.Charge charge = parts.budget.open("job");
        Optional<JobRun> accepted = Optional.empty();
        try {
            Optional<Refusal> no = reserve(reservations, job.spec())
                    .or(() -> parts.account.receive(job.spec(), job.balance(), job.payment(), deadline));
            if (no.isPresent()) {
                return refused(no.get());
            }
            switch (body.read(parts.settings.get().maxBodyBytes())) {
                case Body.Read.Rejected rejected -> {
                    return refused(rejected.refusal());
                }
                case Body.Read.Received received -> {
                    if (!charge.add(received.bytes().size())) {
                        return refused(new Refusal(Reason.BUSY, "there is no memory for the input"));
                    }
                    accepted = Optional.of(new JobRun(
                            parts, offers, sessions, session, job, received.bytes(), charge, time(job.payload())));
                }
            }
        } finally {
            if (accepted.isEmpty()) {
                charge.close();
                reservations.release(job.spec());
                sessions.leave(session);
            }
        }
        sessions.accept(session, accepted.get(), manifest(job.payload()));
        return accepted.get();
    }

    /**
     * Reserves at a pipeline before anybody pays. Where the pipeline has just left, the job may pay and wait for the
     * next one.
     */
    private static Optional<Refusal> reserve(Reservations reservations, JobSpec spec) {
        Reservations.Taken taken = reservations.take(spec);
        if (taken instanceof Reservations.Reserved reserved) {
            reserved.close();
        }
        return taken instanceof Reservations.Nobody ? Optional.empty() : objection(taken);
    }

    private static Optional<Refusal> objection(Reservations.Taken taken) {
        return switch (taken) {
            case Reservations.Reserved reserved -> Optional.empty();
            case Reservations.Full full -> Optional.of(new Refusal(
                    Reason.CAPPED, full.message().isBlank() ? "every pipeline is full" : full.message()));
            case Reservations.Failed failed -> Optional.of(new Refusal(Reason.UNAVAILABLE, "the pipeline failed"));
            case Reservations.Nobody nobody ->
                Optional.of(new Refusal(Reason.UNAVAILABLE, "no pipeline is there that can do the job"));
        };
    }

    /** With the capability and model that capacity is reserved by. */
    private static JobSpec spec(Job job) {
        return job.payload() instanceof Payload.Request request
                ? job.spec().forModel(request.capability(), request.model())
                : job.spec();
    }

    private Duration time(Payload payload) {
        OrchestratorSettings settings = parts.settings.get();
        return switch (payload) {
            case Payload.Transcode transcode -> {
                Duration said = transcode.duration().isZero() ? UNSAID_DURATION : transcode.duration();
                Duration scaled = said.multipliedBy(settings.jobFactor());
                yield scaled.compareTo(settings.jobFloor()) > 0 ? scaled : settings.jobFloor();
            }
            case Payload.Request request -> settings.requestTime();
        };
    }

    private static ManifestId manifest(Payload payload) {
        return switch (payload) {
            case Payload.Transcode transcode -> transcode.manifest();
            case Payload.Request request -> new ManifestId("capability-" + request.capability());
        };
    }

    private static Optional<Refusal> malformed(Payload payload) {
        return payload instanceof Payload.Transcode transcode
                        && (transcode.duration().isNegative()
                                || transcode.duration().compareTo(MAX_DURATION) > 0)
                ? Optional.of(new Refusal(Reason.MALFORMED, "a segment lasts 0 to 5 minutes"))
                : Optional.empty();
    }

    /** Capabilities, then the token. */
    private Optional<Refusal> objection(Optional<AuthToken> token, JobSpec spec) {
        Optional<Capabilities> offered = offers.capabilities();
        if (offered.isEmpty()) {
            return Optional.of(new Refusal(Reason.UNAVAILABLE, "no pipeline is there that can do something"));
        }
        return spec.needs().orElse(Capabilities.NONE).compatibleWith(offered.get())
                ? tokens.objection(token)
                : Optional.of(new Refusal(Reason.INCOMPATIBLE, "a capability that the job needs is missing"));
    }

    private Refusal refused(Refusal no) {
        parts.events.happened(new KernelEvents.JobRefused(no.reason().name(), no.message()));
        return no;
    }

    private Quote said(Quote quote) {
        return quote instanceof Refusal no ? refused(no) : quote;
    }

    @Override
    public LiveOpening open(Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline) {
        Optional<Refusal> no = objection(token, spec.spec());
        if (no.isPresent()) {
            return refused(no.get());
        }
        return switch (sessions.admit(token.orElseThrow().session())) {
            case Sessions.Admission.Denied denied -> refused(denied.refusal());
            case Sessions.Admission.Granted granted -> open(granted.session(), spec, payment, deadline);
        };
    }

    /** From the moment that the live session holds a place at its session. */
    private LiveOpening open(Session session, LiveSpec spec, Payment payment, Deadline deadline) {
        Reservations own = new Reservations(session.id, parts.roster);
        Reservations.Taken taken = new Reservations.Nobody();
        boolean live = false;
        try {
            taken = own.await(spec.spec(), deadline);
            Optional<Refusal> no = objection(taken)
                    .or(() -> parts.account.receive(
                            spec.spec(), new BalanceId(spec.manifest().value()), payment, deadline));
            if (no.isPresent()) {
                return refused(no.get());
            }
            LiveRun run = new LiveRun(
                    parts, sessions, session, spec, payment, own, (Reservations.Reserved) taken);
            LiveOpening.Opened opened = new LiveOpening.Opened(run.attach());
            live = sessions.goLive(session, run);
            return live
                    ? opened
                    : refused(new Refusal(Reason.MALFORMED, "a live session of this name runs in this session"));
        } finally {
            if (!live) {
                if (taken instanceof Reservations.Reserved reserved) {
                    reserved.close();
                }
                own.close();
                sessions.leave(session);
            }
        }
    }

    @Override
    public LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline) {
        Optional<Refusal> no = tokens.objection(token);
        if (no.isPresent()) {
            return refused(no.get());
        }
        Optional<LiveRun> live = sessions.live(token.orElseThrow().session(), manifest);
        return live.isPresent()
                ? new LiveOpening.Opened(live.get().attach())
                : refused(new Refusal(Reason.MALFORMED, "no live session of this name runs in this session"));
    }

    @Override
    public Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
        Optional<Refusal> no = tokens.objection(token)
                .or(() -> parts.account.receive(JobSpec.anything(), balance, payment, deadline));
        Caller caller = new Caller(payment.sender(), Bytes.EMPTY, Optional.of(balance));
        return said(
                no.isPresent()
                        ? no.get()
                        : offers.offer(token.orElseThrow(), JobSpec.anything(), caller, deadline));
    }

    /** A token that has expired still ends its session (go-livepeer server/rpc.go, EndTranscodingSession). */
    @Override
    public Optional<Refusal> end(AuthToken token, Deadline deadline) {
        if (!tokens.isOurs(token)) {
            return Optional.of(new Refusal(Reason.TOKEN_INVALID, "the auth token is not one of this orchestrator"));
        }
        sessions.end(token.session(), "ended by the gateway");
        return Optional.empty();
    }

    /** Takes a pipeline in. */
    public void add(Pipeline pipeline, Provider provider) {
        parts.roster.add(pipeline, provider);
    }

    /** Lets a pipeline go: waits for its calls up to a limit, then gives back what sessions hold there. */
    public void remove(Pipeline pipeline) {
        parts.roster.remove(pipeline);
        sessions.vacate(pipeline);
    }

    /** Gives late jobs up, ends idle sessions and forgets old results. Called twice a second. */
    public void sweep() {
        sessions.sweep();
    }

    /** Sessions that run now. */
    public List<SessionStatus> sessions() {
        return sessions.status();
    }

    /** What keeps it from serving, one line each. */
    public List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        if (sessions.isShut()) {
            obstacles.add("this orchestrator finishes what it has and takes nothing new");
        }
        if (offers.capabilities().isEmpty()) {
            obstacles.add("no pipeline is there that can do something: install one, such as ffmpeg, or wait until it has"
                    + " loaded");
        }
        if (parts.endpoint.get().isEmpty()) {
            obstacles.add("gateways cannot reach this orchestrator: its service port is not open");
        }
        parts.account.obstacle().ifPresent(obstacles::add);
        return obstacles;
    }

    /** What makes it do less than it could although it serves, one line each. */
    public List<String> cautions() {
        return parts.roster.cautions();
    }

    /** Sessions that may run at once. */
    public int maxSessions() {
        return parts.settings.get().maxSessions();
    }

    /** Whether new sessions are refused. */
    public boolean draining() {
        return sessions.isShut();
    }

    /** Takes no new sessions from now on; those that run are served. */
    public void shut() {
        sessions.shut(false);
    }

    /** Waits until the last session has ended; whether it had in time. */
    public boolean awaitIdle(Deadline deadline) {
        return sessions.await(Session::isOver, deadline);
    }

    /** Takes nothing new, waits for what runs, then a moment for its results to be fetched. */
    public boolean drain(Deadline deadline) {
        sessions.shut(true);
        boolean finished = awaitQuiet(deadline);
        parts.store.awaitFetched(deadline.orEarlier(Deadline.in(FETCH_TIME, parts.clock)));
        return finished;
    }

    /** Waits until no job is under way; false when the deadline passed. */
    boolean awaitQuiet(Deadline deadline) {
        return sessions.await(Session::idle, deadline);
    }

    /** Gives everything up. */
    @Override
    public void close() {
        sessions.close();
    }
}
