package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeControl.PriceQuote;
import io.millrace.api.node.NodeControl.SessionStatus;
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
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.Role;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.payment.Payee;
import io.millrace.kernel.payment.PriceBook;
import io.millrace.kernel.store.MemoryObjectStore;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * This node's own orchestrator. A job is admitted before its body is read, in the order of go-livepeer
 * (server/segment_rpc.go, ServeSegment; server/ai_http.go, handleAIRequest): capabilities, token, room, capacity of a
 * pipeline, payment. Whatever was taken for a job that is refused after all is given back. Thread-safe.
 */
public class LocalOrchestrator implements Orchestrator, Role, AutoCloseable {

    /** Longest segment (go-livepeer common/util.go, MaxDuration). */
    static final Duration MAX_DURATION = Duration.ofMinutes(5);

    /** How long a drain waits for the last results to be fetched: gateways fetch at once. */
    private static final Duration FETCH_TIME = Duration.ofSeconds(4);

    private static final Capabilities WITH_AI =
            Capabilities.of(Capability.WITH_AI).withCapacity(1);

    /** Warm or not, of any version. */
    private static final Capabilities.Model ANY_MODEL = new Capabilities.Model(false, 0, "", 0);

    private static final Refusal NOTHING =
            new Refusal(Reason.UNAVAILABLE, "no pipeline is there that can do something");

    final Parts parts;
    final Sessions sessions;
    private final Tokens tokens;

    /**
     * What it works with.
     *
     * @param settings its limits now
     * @param endpoint the address of its service port; empty as long as that is not open
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
        sessions = new Sessions(parts);
    }

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        Optional<Refusal> no = sessions.objection(spec.capability().isPresent());
        return said(no.isPresent() ? no.get() : offer(tokens.issue(), spec, caller, deadline));
    }

    @Override
    public Optional<PriceQuote> quote(Address gateway, JobSpec job, Deadline deadline) {
        Optional<Refusal> no = sessions.objection(job.capability().isPresent());
        if (no.isPresent()) {
            return Optional.of(noPrice(no.get().message()));
        }
        Caller caller = new Caller(gateway, Bytes.EMPTY, Optional.empty());
        return Optional.of(switch (parts.account.terms(job, caller, deadline)) {
            case Payee.Asked.No refused -> noPrice(refused.cause());
            case Payee.Asked.Of of -> new PriceQuote(
                    of.terms().price(),
                    of.terms().base(),
                    of.terms().ticketParams(),
                    of.terms().reasons(),
                    Optional.empty());
        });
    }

    private static PriceQuote noPrice(String why) {
        return new PriceQuote(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.of(why));
    }

    /** An offer for such a job under this token: what the node can do, where, and what it asks of the caller. */
    Quote offer(AuthToken token, JobSpec spec, Caller caller, Deadline deadline) {
        Optional<Capabilities> capabilities = capabilities();
        if (capabilities.isEmpty()) {
            return NOTHING;
        }
        Optional<URI> endpoint = endpoint();
        if (endpoint.isEmpty()) {
            return new Refusal(Reason.UNAVAILABLE, "the service port is not open yet");
        }
        return switch (parts.account.terms(spec, caller, deadline)) {
            case Payee.Asked.No no -> no.refusal();
            case Payee.Asked.Of of -> {
                if (PriceBook.isTranscoding(spec)) {
                    of.terms().price().ifPresent(price ->
                            parts.events.happened(new KernelEvents.PriceQuoted(caller.address(), price)));
                }
                yield Offer.at(endpoint.get(), token)
                        .capabilities(isAi(spec) ? capabilities.get().and(WITH_AI) : capabilities.get())
                        .price(of.terms().price())
                        .prices(of.terms().prices())
                        .ticketParams(of.terms().ticketParams())
                        .address(parts.account.address())
                        .build();
            }
        };
    }

    private static boolean isAi(JobSpec spec) {
        return spec.capability().isPresent()
                && spec.capability().getAsInt() != Capability.BYOC
                && Capability.pipeline(spec.capability().getAsInt()).isPresent();
    }

    /**
     * What is needed of a request's own capability: the rest of what gateways list with an AI job is not used by it.
     * Its body says which model does it, whatever they list: a job for a model that nobody has is not paid for.
     */
    private static JobSpec own(JobSpec spec, int capability, String model) {
        Capabilities all = spec.needs().orElse(Capabilities.NONE);
        Map<String, Capabilities.Model> listed = all.models().getOrDefault(capability, Map.of());
        Map<String, Capabilities.Model> needed =
                model.isEmpty() ? listed : Map.of(model, listed.getOrDefault(model, ANY_MODEL));
        return JobSpec.needing(all.withIds(List.of(capability)).withModels(Map.of(capability, needed)))
                .forModel(capability, model);
    }

    private Optional<Capabilities> capabilities() {
        return parts.roster.capabilities(parts.settings.get().version());
    }

    private Optional<URI> endpoint() {
        return parts.settings.get().serviceUri().or(parts.endpoint);
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        Optional<Payload.Request> request =
                job.payload() instanceof Payload.Request its ? Optional.of(its) : Optional.empty();
        JobSpec spec = request.map(its -> own(job.spec(), its.capability(), its.model())).orElse(job.spec());
        Optional<Refusal> no = malformed(job.payload()).or(() -> objection(token, spec));
        if (no.isPresent()) {
            return refused(no.get());
        }
        AuthToken own = token.orElseThrow();
        return switch (request.isPresent()
                ? sessions.admitRequest(tokens.issue().session())
                : sessions.admit(own.session())) {
            case Sessions.Denied denied -> refused(denied.refusal());
            case Session session ->
                submit(new JobRun(this, session, own, spec, job.payload(), payment), job.body(), deadline);
        };
    }

    /**
     * From the moment that the job holds a place at its session. Reserves at a pipeline before anybody pays. Where the
     * pipeline has just left, the job may pay and wait for the next one.
     */
    private Submission submit(JobRun job, Body body, Deadline deadline) {
        boolean accepted = false;
        try {
            Reservations.Taken taken = job.reservations.take(job.spec);
            taken.close();
            Optional<Refusal> no = taken == Reservations.NOBODY ? Optional.empty() : taken.refusal();
            no = no.or(() -> parts.account.receive(job.spec, job.balance(), job.payment, deadline))
                    .or(() -> job.read(body));
            if (no.isPresent()) {
                return refused(no.get());
            }
            accepted = true;
        } finally {
            if (!accepted) {
                job.over();
                sessions.leave(job.session);
            }
        }
        sessions.accept(job);
        return job;
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
        Optional<Capabilities> offered = capabilities();
        if (offered.isEmpty()) {
            return Optional.of(NOTHING);
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
            case Sessions.Denied denied -> refused(denied.refusal());
            case Session session -> open(session, spec, payment, deadline);
        };
    }

    /** From the moment that the live session holds a place at its session. */
    private LiveOpening open(Session session, LiveSpec spec, Payment payment, Deadline deadline) {
        Reservations own = new Reservations(session.id, parts.roster);
        Reservations.Taken taken = Reservations.NOBODY;
        boolean live = false;
        try {
            taken = own.await(spec.spec(), deadline);
            Optional<Refusal> no = taken.refusal()
                    .or(() -> parts.account.receive(spec.spec(), LiveRun.balance(spec), payment, deadline));
            if (no.isPresent()) {
                return refused(no.get());
            }
            LiveRun run = new LiveRun(this, session, spec, payment, own, (Reservations.Reserved) taken);
            LiveOpening.Opened opened = new LiveOpening.Opened(run.attach());
            live = sessions.goLive(run);
            return live
                    ? opened
                    : refused(new Refusal(Reason.MALFORMED, "a live session of this name runs in this session"));
        } finally {
            if (!live) {
                taken.close();
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
        Optional<Refusal> no = tokens.objection(token);
        if (no.isPresent()) {
            return said(no.get());
        }
        JobSpec spec = sessions.paidBy(token.orElseThrow().session(), balance).orElse(JobSpec.anything());
        no = parts.account.receive(spec, balance, payment, deadline);
        Caller caller = new Caller(payment.sender(), Bytes.EMPTY, Optional.of(balance));
        return said(no.isPresent() ? no.get() : offer(token.orElseThrow(), spec, caller, deadline));
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

    @Override
    public Kind kind() {
        return Kind.ORCHESTRATOR;
    }

    @Override
    public List<SessionStatus> sessions() {
        return sessions.status();
    }

    @Override
    public List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        if (sessions.isShut()) {
            obstacles.add("this orchestrator finishes what it has and takes nothing new");
        }
        if (capabilities().isEmpty()) {
            obstacles.add("no pipeline is there that can do something: install one, such as ffmpeg, or wait until it has"
                    + " loaded");
        }
        if (endpoint().isEmpty()) {
            obstacles.add("gateways cannot reach this orchestrator: its service port is not open");
        }
        parts.account.obstacle().ifPresent(obstacles::add);
        return obstacles;
    }

    @Override
    public List<String> cautions() {
        return parts.roster.cautions();
    }

    @Override
    public int maxSessions() {
        return parts.settings.get().maxSessions();
    }

    @Override
    public boolean draining() {
        return sessions.isShut();
    }

    @Override
    public void shut() {
        sessions.shut(false);
    }

    @Override
    public boolean awaitIdle(Deadline deadline) {
        return sessions.await(Session::isOver, deadline);
    }

    /** Waits for what runs, then a moment for its results to be fetched. */
    @Override
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
