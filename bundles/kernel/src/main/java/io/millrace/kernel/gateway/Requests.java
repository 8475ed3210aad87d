package io.millrace.kernel.gateway;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.session.SessionPool;
import io.millrace.kernel.gateway.time.TimedCondition;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Has requests and live sessions served. Those of the same need, which is a capability and a model, share one pool of
 * sessions, which outlives them: the next one finds its orchestrators known. Thread-safe; its lock is held for no call
 * out of the gateway.
 */
final class Requests {

    /** The name of requests where events name a stream. */
    private static final ManifestId REQUEST = new ManifestId("request");

    /** The largest body (go-livepeer: common/util.go, MaxSegSize). */
    private static final long LARGEST_BODY = 300_000_000;

    /** A pool that was not used for so long is closed. */
    static final Duration POOL_IDLE = Duration.ofMinutes(3);

    /** Requests at once, and so pools in use; needs come from clients, who can name any model. */
    private static final int MOST = 256;

    private final GatewayPorts ports;
    private final Supplier<GatewaySettings> settings;
    private final SessionPool.Shared shared;
    private final Attempts attempts;
    private final AtomicLong number = new AtomicLong();
    private final Object lock = new Object();
    private final TimedCondition changed;
    private final List<Pool> pools = new ArrayList<>();

    /** The sessions for one need, used by so many requests. */
    private static final class Pool {
        private final JobSpec need;
        private final SessionPool sessions;
        private int users;
        private Registration closing = () -> {};
        private Instant idleSince = Instant.MAX;

        Pool(JobSpec need, SessionPool sessions) {
            this.need = need;
            this.sessions = sessions;
        }
    }

    Requests(
            GatewayPorts ports,
            Supplier<GatewaySettings> settings,
            SessionPool.Shared shared,
            Attempts attempts) {
        this.ports = ports;
        this.settings = settings;
        this.shared = shared;
        this.attempts = attempts;
        changed = new TimedCondition(lock, ports.timers(), ports.clock());
    }

    /** Answers a request; what it costs in memory is charged while it runs. */
    Completion request(Job job, Deadline deadline) {
        try (Budget.Charge charge = ports.budget().open("request")) {
            Body.Read read = job.body().read(LARGEST_BODY);
            if (read instanceof Body.Read.Rejected no) {
                return failed(Failure.Kind.INPUT, no.refusal().message());
            }
            Body body = Body.of(((Body.Read.Received) read).bytes());
            if (!charge.add(((Body.Read.Received) read).bytes().size())) {
                return failed(Failure.Kind.BUSY, "the memory of this gateway is full");
            }
            JobSpec need = need(job.spec());
            Optional<Pool> pool = take(need);
            if (pool.isEmpty()) {
                return failed(Failure.Kind.BUSY, MOST + " requests are running");
            }
            // an attempt that fails after it has read the body leaves it to the next one
            Outcome<Completion> outcome = attempts.run(
                    pool.get().sessions, task(REQUEST, need, units(job), charge, deadline), new Job(need, job.payload(), body));
            if (outcome instanceof Outcome.Done<Completion> done
                    && done.value() instanceof Completion.Streaming streaming) {
                return new Completion.Streaming(
                        new ObservedSource(streaming.messages(), () -> giveBack(pool.get())),
                        streaming.contentType());
            }
            giveBack(pool.get());
            return switch (outcome) {
                case Outcome.Done<Completion> done -> done.value();
                case Outcome.Hopeless<Completion> no -> failed(no.kind(), no.message());
                case Outcome.Exhausted<Completion> no -> failed(Failure.Kind.PEER, no.message());
                case Outcome.Nobody<Completion> no -> failed(Failure.Kind.BUSY, no.message());
                case Outcome.Cancelled<Completion> _ -> failed(Failure.Kind.CANCELLED, "given up");
            };
        }
    }

    /** Opens a live session. */
    LiveOpening open(LiveSpec spec, Deadline deadline) {
        JobSpec need = spec.spec();
        Optional<Pool> pool = take(need);
        if (pool.isEmpty()) {
            return new Refusal(Refusal.Reason.BUSY, MOST + " requests are running");
        }
        // a live session has no results that are kept
        Budget.Charge charge = ports.budget().open("live session");
        Outcome<LiveSession> outcome = attempts.open(
                pool.get().sessions, task(spec.manifest(), need, BigInteger.ZERO, charge, deadline), spec);
        if (outcome instanceof Outcome.Done<LiveSession> done) {
            return new LiveOpening.Opened(new ObservedSession(done.value(), () -> giveBack(pool.get())));
        }
        giveBack(pool.get());
        return switch (outcome) {
            case Outcome.Hopeless<LiveSession> no -> new Refusal(Refusal.Reason.MALFORMED, no.message());
            case Outcome.Exhausted<LiveSession> no -> new Refusal(Refusal.Reason.UNAVAILABLE, no.message());
            case Outcome.Nobody<LiveSession> no -> new Refusal(Refusal.Reason.UNAVAILABLE, no.message());
            default -> new Refusal(Refusal.Reason.UNAVAILABLE, "given up");
        };
    }

    /** The least version is asked of those who say theirs, which a third party's capability does not. */
    private JobSpec need(JobSpec spec) {
        int capability = spec.capability().orElse(Capability.BYOC);
        return capability != Capability.BYOC
                        && Capability.pipeline(capability).isPresent()
                        && spec.needs().isPresent()
                ? JobSpec.needing(spec.needs().get().withMinVersion(settings.get().minVersion()))
                        .forModel(capability, spec.model())
                : spec;
    }

    private static BigInteger units(Job job) {
        return job.payload() instanceof Payload.Request request
                ? BigInteger.valueOf(request.units().orElse(0))
                : BigInteger.ZERO;
    }

    private Attempts.Task task(
            ManifestId manifest, JobSpec need, BigInteger units, Budget.Charge charge, Deadline deadline) {
        return new Attempts.Task(
                manifest,
                number.incrementAndGet(),
                need,
                Duration.ZERO,
                units,
                deadline.remaining(ports.clock()),
                settings.get().requestPatience(),
                deadline,
                settings.get().maxAttempts(),
                () -> deadline.expired(ports.clock()),
                charge,
                Attempts.Check.NONE);
    }

    private static Completion failed(Failure.Kind kind, String message) {
        return new Completion.Failed(new Failure(kind, message), Optional.empty());
    }

    // -- pools

    /** The pool for a need; empty when as many requests run as may. */
    private Optional<Pool> take(JobSpec need) {
        Optional<Pool> evicted = Optional.empty();
        Pool pool;
        synchronized (lock) {
            if (pools.stream().mapToInt(one -> one.users).sum() >= MOST) {
                return Optional.empty();
            }
            pool = pools.stream().filter(one -> one.need.equals(need)).findFirst().orElse(null);
            if (pool == null) {
                if (pools.size() >= MOST) {
                    evicted = pools.stream().filter(one -> one.users == 0).min(Comparator.comparing(one -> one.idleSince));
                    evicted.get().closing.close();
                    pools.remove(evicted.get());
                }
                pool = new Pool(need, new SessionPool(shared, settings.get().poolLimits(), need));
                pools.add(pool);
            }
            pool.closing.close();
            pool.users++;
        }
        evicted.ifPresent(one -> one.sessions.close());
        return Optional.of(pool);
    }

    private void giveBack(Pool pool) {
        synchronized (lock) {
            pool.users--;
            if (pool.users == 0) {
                pool.idleSince = ports.clock().instant();
                pool.closing = ports.timers().at(pool.idleSince.plus(POOL_IDLE), () -> close(pool));
            }
            changed.signal();
        }
    }

    private void close(Pool pool) {
        synchronized (lock) {
            if (pool.users > 0 || !pools.remove(pool)) {
                return;
            }
        }
        pool.sessions.close();
    }

    /** Orchestrators may be new. */
    void lookAround() {
        all().forEach(pool -> pool.sessions.lookAround());
    }

    /** Waits for what is open; whether all of it was over in time. */
    boolean awaitNone(Deadline deadline) {
        return changed.await(() -> pools.stream().noneMatch(pool -> pool.users > 0), deadline);
    }

    /** Ends all sessions. */
    void close() {
        List<Pool> all = all();
        synchronized (lock) {
            pools.clear();
        }
        all.forEach(pool -> {
            pool.closing.close();
            pool.sessions.close();
        });
    }

    private List<Pool> all() {
        synchronized (lock) {
            return List.copyOf(pools);
        }
    }
}
