package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Failure.Kind;
import io.millrace.api.job.Failure.Reason;
import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.Threads;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The capacity that one session holds at pipelines: one reservation for each capability and model. The reservation
 * for segments stays until the session ends, so that the session stays with its pipeline; any other one goes back
 * when no job needs it any more, as go-livepeer does (server/ai_http.go, handleAIRequest). A reservation whose
 * pipeline has left, or whose worker is set aside, is replaced when it is needed next. Thread-safe; pipelines are
 * called without a lock.
 */
final class Reservations {

    /** How long a pipeline may take to reserve, or to take a reservation back. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Reservations that one pipeline is asked for when it names workers that are set aside. */
    static final int MOST_ASKED = 16;

    private final SessionId session;
    private final Roster roster;
    private final List<Held> held = new ArrayList<>();
    private final Map<Need, Integer> users = new HashMap<>();
    private final Set<Need> asking = new HashSet<>();
    private volatile boolean closed;

    /** What a reservation is for; without a capability it is for segments. */
    private record Need(OptionalInt capability, String model) {
        static Need of(JobSpec spec) {
            return new Need(spec.capability(), spec.model());
        }
    }

    /** What became of asking for a reservation. */
    sealed interface Taken extends AutoCloseable {

        /** Why there is none; empty when there is one. */
        default Optional<Refusal> refusal() {
            return Optional.empty();
        }

        @Override
        default void close() {}
    }

    /** What one pipeline answered. */
    private sealed interface Answer {}

    /** Capacity that is held at a pipeline until it is given back. {@code pipeline} is the pipeline's name. */
    private record Held(
            Need need, Pipeline at, PipelineSession session, String worker, String pipeline, Provider provider)
            implements Answer {}

    /** A reservation to work with until it is closed, which keeps it. */
    record Reserved(Lease<Pipeline> lease, Held held) implements Taken {

        PipelineSession session() {
            return held.session;
        }

        String pipeline() {
            return held.pipeline;
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    /** Every pipeline that could do the job is full or failed, or none is there: how a job fails that was accepted. */
    record None(Failure failure) implements Taken, Answer {
        boolean isFull() {
            return failure.kind() == Kind.BUSY;
        }

        @Override
        public Optional<Refusal> refusal() {
            return Optional.of(new Refusal(
                    isFull() ? Refusal.Reason.CAPPED : Refusal.Reason.UNAVAILABLE, failure.message()));
        }
    }

    /** No pipeline that could do the job is there. */
    static final None NOBODY =
            new None(new Failure(Kind.PEER, Reason.NO_PIPELINE, "no pipeline is there that can do the job"));

    Reservations(SessionId session, Roster roster) {
        this.session = session;
        this.roster = roster;
    }

    /** Another job needs a reservation: it is kept until {@link #release}. */
    synchronized void use(JobSpec spec) {
        users.merge(Need.of(spec), 1, Integer::sum);
    }

    /** A job that was announced by {@link #use} is over. */
    void release(JobSpec spec) {
        Need need = Need.of(spec);
        boolean last;
        synchronized (this) {
            last = users.computeIfPresent(need, (key, count) -> count > 1 ? count - 1 : null) == null;
        }
        if (last && need.capability().isPresent()) {
            giveBack(each -> each.need().equals(need));
        }
    }

    /** The reservation for such a job. Waits for a pipeline that can do it, as long as none is there. */
    Taken await(JobSpec spec, Deadline deadline) {
        Taken taken = take(spec);
        while (taken == NOBODY && !closed && roster.awaitSuited(spec, deadline)) {
            taken = take(spec);
        }
        return taken;
    }

    /**
     * The reservation for such a job: the one that is held already, or a new one. Does not wait for a pipeline. Jobs
     * of one session that come at the same time ask once.
     */
    Taken take(JobSpec spec) {
        Need need = Need.of(spec);
        try {
            synchronized (this) {
                if (!Threads.await(this, LIMIT, () -> asking.add(need))) {
                    return full("");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NOBODY;
        }
        try {
            Optional<Reserved> again = again(need, spec);
            return again.isPresent() ? again.get() : reserve(need, spec);
        } finally {
            synchronized (this) {
                asking.remove(need);
                notifyAll();
            }
        }
    }

    private static None full(String message) {
        return new None(
                new Failure(Kind.BUSY, Reason.CAPPED, message.isBlank() ? "every pipeline is full" : message));
    }

    private Optional<Reserved> again(Need need, JobSpec spec) {
        List<Held> candidates;
        synchronized (this) {
            candidates = held.stream().filter(each -> each.need().equals(need)).toList();
        }
        for (Held each : candidates) {
            Optional<Lease<Pipeline>> lease = roster.take(each.at(), spec);
            if (lease.isPresent()) {
                Lease<Pipeline> own = lease.get().share(each.worker());
                lease.get().close();
                if (!own.setAside()) {
                    return Optional.of(new Reserved(own, each));
                }
                own.close();
                giveBack(one -> one == each);
            }
        }
        return Optional.empty();
    }

    /** Asks one pipeline after the other; one that fails is passed over like one that is full. */
    private Taken reserve(Need need, JobSpec spec) {
        Set<Pipeline> asked = Collections.newSetFromMap(new IdentityHashMap<>());
        None outcome = NOBODY;
        Optional<Lease<Pipeline>> next = roster.takeNow(spec, asked);
        while (next.isPresent()) {
            try (Lease<Pipeline> lease = next.get()) {
                asked.add(lease.get());
                switch (ask(lease, need, spec)) {
                    case Reserved reserved -> {
                        return reserved;
                    }
                    case None none -> outcome = outcome.isFull() && !none.isFull() ? outcome : none;
                }
            }
            next = closed || Thread.currentThread().isInterrupted()
                    ? Optional.empty()
                    : roster.takeNow(spec, asked);
        }
        return outcome;
    }

    /**
     * Asks one pipeline. A reservation with a worker that is set aside goes back, but only after another was found:
     * the pipeline might name the same worker again otherwise.
     */
    private Taken ask(Lease<Pipeline> lease, Need need, JobSpec spec) {
        List<Held> refused = new ArrayList<>();
        try {
            while (refused.size() < MOST_ASKED) {
                switch (answer(lease, need, spec)) {
                    case None none -> {
                        return none;
                    }
                    case Held one -> {
                        Lease<Pipeline> own = lease.share(one.worker());
                        if (!own.setAside()) {
                            return keep(one, own);
                        }
                        own.close();
                        refused.add(one);
                    }
                }
            }
            return full("");
        } catch (CallFailed e) {
            return new None(
                    e.isLate()
                            ? new Failure(Kind.TIMEOUT, Reason.LATE, "the pipeline did not answer in time")
                            : new Failure(Kind.PEER, Reason.BROKEN, "the pipeline failed"));
        } finally {
            refused.forEach(this::giveBack);
        }
    }

    private Answer answer(Lease<Pipeline> lease, Need need, JobSpec spec) {
        ForeignCall<Pipeline, Answer> call = roster.foreign().begin(lease, pipeline -> {
            String name = Objects.requireNonNull(pipeline.name(), "it has no name");
            return switch (pipeline.reserve(session, spec)) {
                case PipelineSession made -> new Held(
                        need, pipeline, made, Objects.requireNonNullElse(made.worker(), ""), name, lease.provider());
                case Reservation.Capped capped -> full(Objects.requireNonNullElse(capped.message(), ""));
            };
        });
        try {
            return call.await(LIMIT);
        } catch (CallFailed e) {
            call.whenReturned(tooLate -> {
                if (tooLate instanceof Held one) {
                    giveBack(one);
                }
            });
            throw e;
        }
    }

    private Taken keep(Held one, Lease<Pipeline> lease) {
        synchronized (this) {
            if (!closed) {
                held.add(one);
                return new Reserved(lease, one);
            }
        }
        lease.close();
        giveBack(one);
        return NOBODY;
    }

    /** A call hangs there: the next job gets another reservation, and this one goes back once the call has returned. */
    void abandon(Reserved reserved, ForeignCall<?, ?> call) {
        boolean removed;
        synchronized (this) {
            removed = held.removeIf(each -> each == reserved.held);
        }
        if (removed) {
            call.whenOver(() -> giveBack(reserved.held));
        }
    }

    /** Gives back what is held at a pipeline that leaves. */
    void vacate(Pipeline pipeline) {
        giveBack(each -> each.at() == pipeline);
    }

    /** Gives all reservations back and takes no more. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        giveBack(each -> true);
    }

    private void giveBack(Predicate<Held> which) {
        List<Held> some;
        synchronized (this) {
            some = held.stream().filter(which).toList();
            held.removeAll(some);
        }
        some.forEach(this::giveBack);
    }

    private void giveBack(Held one) {
        roster.foreign().tell(one.provider(), LIMIT, one.session()::close);
    }
}
