package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.payment.Payee;
import io.millrace.kernel.store.MemoryObjectStore;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * This node's own orchestrator. A job is admitted before its body is read, in the order of the
 * network: what it needs, its token, room, its payment; it is worked on after it was accepted.
 */
public final class LocalOrchestrator implements Orchestrator, AutoCloseable {

    /** Longest segment. */
    static final Duration MAX_DURATION = Duration.ofMinutes(5);

    /** Length of a segment whose sender does not say. */
    private static final Duration UNSAID_DURATION = Duration.ofSeconds(2);

    /** Gateways fetch a result within this time or not at all. */
    private static final Duration FETCH_TIME = Duration.ofSeconds(4);

    private final Supplier<Terms> terms;
    private final Supplier<Optional<URI>> endpoint;
    private final Tokens tokens;
    private final Roster roster;
    private final Wallet wallet;
    private final Payee payee;
    private final MemoryObjectStore store;
    private final NodeEvents events;
    private final InstantSource clock;
    private final Sessions sessions;
    private final LiveSessions live;

    /** Takes no new sessions. */
    private volatile boolean shut;

    /** Takes no more work of those it has, either. */
    private volatile boolean draining;

    /**
     * What it works with.
     *
     * @param terms its limits now
     * @param endpoint where gateways reach it; empty as long as that is not known
     */
    public record Parts(
            Supplier<Terms> terms,
            Supplier<Optional<URI>> endpoint,
            Bytes secret,
            Roster roster,
            Wallet wallet,
            Payee payee,
            MemoryObjectStore store,
            NodeEvents events,
            InstantSource clock) {}

    /** An orchestrator without pipelines. */
    public LocalOrchestrator(Parts parts) {
        terms = parts.terms;
        endpoint = parts.endpoint;
        tokens = new Tokens(parts.secret, parts.clock);
        roster = parts.roster;
        wallet = parts.wallet;
        payee = parts.payee;
        store = parts.store;
        events = parts.events;
        clock = parts.clock;
        sessions = new Sessions(
                terms,
                clock,
                roster,
                new Worker(new Results(store), roster, clock),
                store,
                events,
                token -> capabilities().flatMap(all -> offer(token, all, JobSpec.anything(), Caller.ANONYMOUS)));
        live = new LiveSessions(sessions, roster, events, clock);
    }

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        Optional<Refusal> no = draining(shut)
                .or(() -> sessions.hasRoom() ? Optional.empty() : refusal(Reason.CAPPED, Texts.CAPPED));
        return no.isPresent() ? said(no.get()) : offered(tokens.issue(), spec, caller);
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        boolean known = token.filter(its -> sessions.isRunning(its.session())).isPresent();
        Optional<Refusal> no = draining(draining || shut && !known)
                .or(() -> malformed(job.payload()))
                .or(() -> admit(token, job.spec(), balance(token, job), payment));
        if (no.isPresent()) {
            return said(no.get());
        }
        if (!sessions.beginUpload()) {
            return said(new Refusal(Reason.BUSY, Texts.BUSY));
        }
        try {
            return switch (job.body().read(terms.get().maxBodyBytes())) {
                case Body.Read.Rejected rejected -> said(rejected.refusal());
                case Body.Read.Received received -> accept(token.orElseThrow(), job, received.bytes());
            };
        } finally {
            sessions.endUpload();
        }
    }

    private Work accept(AuthToken token, Job job, Bytes input) {
        Work work = new Work(
                token, job.spec(), job.payload(), input, Deadline.in(time(job.payload()), clock), clock, sessions::cancel);
        sessions.enqueue(work, manifest(job.payload()));
        return work;
    }

    private Duration time(Payload payload) {
        return switch (payload) {
            case Payload.Transcode transcode -> {
                Duration said = transcode.duration().isZero() ? UNSAID_DURATION : transcode.duration();
                Duration scaled = said.multipliedBy(terms.get().jobFactor());
                yield scaled.compareTo(terms.get().jobFloor()) > 0 ? scaled : terms.get().jobFloor();
            }
            case Payload.Request request -> terms.get().requestTime();
        };
    }

    private static ManifestId manifest(Payload payload) {
        return switch (payload) {
            case Payload.Transcode transcode -> transcode.manifest();
            case Payload.Request request -> LiveSessions.manifest(request.capability());
        };
    }

    private static Optional<Refusal> draining(boolean refused) {
        return refused ? refusal(Reason.DRAINING, Texts.DRAINING) : Optional.empty();
    }

    private static Optional<Refusal> malformed(Payload payload) {
        return payload instanceof Payload.Transcode transcode
                        && (transcode.duration().isNegative()
                                || transcode.duration().compareTo(MAX_DURATION) > 0)
                ? refusal(Reason.MALFORMED, Texts.DURATION)
                : Optional.empty();
    }

    private Optional<Refusal> admit(Optional<AuthToken> token, JobSpec spec, BalanceId balance, Payment payment) {
        return incompatible(spec)
                .or(() -> tokens.objection(token))
                .or(() -> capped(token.orElseThrow().session()))
                .or(() -> payee.receive(spec, balance, payment));
    }

    private Optional<Refusal> incompatible(JobSpec spec) {
        Optional<Capabilities> offered = capabilities();
        if (offered.isEmpty()) {
            return refusal(Reason.UNAVAILABLE, Texts.NO_PIPELINE);
        }
        boolean fits = spec.needs().orElse(Capabilities.NONE).compatibleWith(offered.get());
        return fits ? Optional.empty() : refusal(Reason.INCOMPATIBLE, Texts.INCOMPATIBLE);
    }

    private Optional<Refusal> capped(SessionId session) {
        return sessions.hasRoom(session) ? Optional.empty() : refusal(Reason.CAPPED, Texts.CAPPED);
    }

    private static Optional<Refusal> refusal(Reason reason, String text) {
        return Optional.of(new Refusal(reason, text));
    }

    private Refusal said(Refusal no) {
        events.happened(new NodeEvent.JobRefused(no.reason().name(), no.message()));
        return no;
    }

    @Override
    public LiveOpening open(Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline) {
        Optional<Refusal> no = draining(shut).or(() -> admit(token, spec.spec(), new BalanceId(spec.manifest().value()), payment));
        return switch (no.<LiveOpening>map(refusal -> refusal)
                .orElseGet(() -> live.open(token.orElseThrow().session(), spec, deadline))) {
            case Refusal refusal -> said(refusal);
            case LiveOpening.Opened opened -> opened;
        };
    }

    @Override
    public LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline) {
        return said(new Refusal(Reason.UNAVAILABLE, "live sessions cannot be attached to yet"));
    }

    @Override
    public Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
        Optional<Refusal> no = tokens.objection(token)
                .or(() -> payee.receive(JobSpec.anything(), balance, payment));
        return no.isPresent() ? said(no.get()) : offered(token.orElseThrow(), JobSpec.anything(), Caller.ANONYMOUS);
    }

    /** A token that has expired still ends its session, as on every orchestrator of the network. */
    @Override
    public Optional<Refusal> end(AuthToken token, Deadline deadline) {
        if (!tokens.isOurs(token)) {
            return refusal(Reason.TOKEN_INVALID, "Invalid auth token");
        }
        sessions.end(token.session(), "ended by the gateway");
        return Optional.empty();
    }

    private Optional<Capabilities> capabilities() {
        return roster.capabilities(terms.get().version());
    }

    private Quote offered(AuthToken token, JobSpec spec, Caller caller) {
        Optional<Capabilities> all = capabilities();
        if (all.isEmpty()) {
            return said(new Refusal(Reason.UNAVAILABLE, Texts.NO_PIPELINE));
        }
        return offer(token, all.get(), spec, caller)
                .<Quote>map(offer -> offer)
                .orElseGet(() -> said(new Refusal(Reason.UNAVAILABLE, "the service port is not open yet")));
    }

    private static BalanceId balance(Optional<AuthToken> token, Job job) {
        return job.payload() instanceof Payload.Request request
                ? BalanceId.of(request.capability(), request.model())
                : token.map(its -> BalanceId.of(its.session())).orElse(new BalanceId("none"));
    }

    private Optional<Offer> offer(AuthToken token, Capabilities all, JobSpec spec, Caller caller) {
        Payee.Terms terms = payee.terms(spec, caller) instanceof Payee.Asked.Of asked ? asked.terms() : Payee.Terms.FREE;
        return endpoint.get()
                .map(uri -> Offer.at(uri, token)
                        .capabilities(all)
                        .price(terms.price())
                        .prices(terms.prices())
                        .ticketParams(terms.ticketParams())
                        .address(wallet.address())
                        .build());
    }

    /** A pipeline came. */
    public void add(Pipeline pipeline, Provider provider) {
        roster.add(pipeline, provider);
    }

    /** A pipeline leaves: waits for its calls up to a limit, then gives back what sessions hold there. */
    public void remove(Pipeline pipeline) {
        roster.remove(pipeline);
        sessions.vacate(pipeline);
    }

    /** What time brings. Called now and then. */
    public void sweep() {
        sessions.sweep();
    }

    /** Sessions that count now. */
    public List<SessionStatus> sessions() {
        return sessions.status();
    }

    /** What keeps it from serving. */
    public List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        if (shut) {
            obstacles.add(Texts.DRAINING);
        }
        if (capabilities().isEmpty()) {
            obstacles.add("no pipeline is there that can do something: install one, such as ffmpeg, or wait until it has"
                    + " loaded");
        }
        if (endpoint.get().isEmpty()) {
            obstacles.add("gateways cannot reach this orchestrator: its service port is not open");
        }
        return obstacles;
    }

    /** What makes it do less than it could although it serves, one line each. */
    public List<String> cautions() {
        return roster.cautions();
    }

    /** Sessions that may run at once. */
    public int maxSessions() {
        return terms.get().maxSessions();
    }

    /** Whether new sessions are refused. */
    public boolean draining() {
        return shut;
    }

    /** Takes no new sessions from now on; those that run are served. */
    public void shut() {
        shut = true;
    }

    /** Waits until the last session has ended; whether it had in time. */
    public boolean awaitIdle(Deadline deadline) {
        return sessions.awaitNone(deadline);
    }

    /** Takes nothing new, waits for what runs, then a moment for its results to be fetched. */
    public boolean drain(Deadline deadline) {
        shut = true;
        draining = true;
        boolean finished = awaitQuiet(deadline);
        store.awaitFetched(deadline.orEarlier(Deadline.in(FETCH_TIME, clock)));
        return finished;
    }

    /** Waits until no job is under way; false when the deadline passed. */
    boolean awaitQuiet(Deadline deadline) {
        return sessions.awaitQuiet(deadline);
    }

    @Override
    public void close() {
        shut = true;
        draining = true;
        sessions.close();
    }
}
