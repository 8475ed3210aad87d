package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.lease.Lease;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The capacity that one session holds at pipelines: one reservation at each that worked for it. A
 * session stays with its pipeline as long as that is there, and moves to the next one when it leaves.
 */
final class Seats {

    private static final System.Logger LOG = System.getLogger(Seats.class.getName());

    private final SessionId session;
    private final Roster roster;
    private final Map<Pipeline, PipelineSession> held = new IdentityHashMap<>();
    private boolean closed;

    /** What became of asking for a seat. */
    sealed interface Taken {}

    /** One to work on until it is closed; the reservation stays. */
    record Seat(Lease<Pipeline> lease, PipelineSession at) implements Taken, AutoCloseable {
        String pipeline() {
            return lease.get().name();
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    /** Every pipeline that could is full. */
    record Full(String message) implements Taken {}

    Seats(SessionId session, Roster roster) {
        this.session = session;
        this.roster = roster;
    }

    /**
     * A seat at a pipeline that suits.
     *
     * @throws io.millrace.api.value.Fault when there is none and none came in time
     */
    Taken take(Predicate<Pipeline> suits, JobSpec spec, Deadline deadline) {
        return again(suits).orElseGet(() -> reserve(suits, spec, deadline));
    }

    private Optional<Taken> again(Predicate<Pipeline> suits) {
        for (Map.Entry<Pipeline, PipelineSession> entry : snapshot()) {
            Optional<Lease<Pipeline>> lease = roster.takeNow(p -> p == entry.getKey() && suits.test(p));
            if (lease.isPresent()) {
                return Optional.of(new Seat(lease.get(), entry.getValue()));
            }
        }
        return Optional.empty();
    }

    private Taken reserve(Predicate<Pipeline> suits, JobSpec spec, Deadline deadline) {
        List<Pipeline> full = new ArrayList<>();
        String message = "";
        Optional<Lease<Pipeline>> next = Optional.of(roster.take(suits, deadline));
        while (next.isPresent()) {
            Lease<Pipeline> lease = next.get();
            Reservation reservation;
            try {
                reservation = lease.get().reserve(session, spec);
            } catch (RuntimeException | Error e) {
                lease.close();
                throw e;
            }
            switch (reservation) {
                case PipelineSession at -> {
                    return seat(lease, at);
                }
                case Reservation.Capped capped -> {
                    full.add(lease.get());
                    message = capped.message();
                    lease.close();
                    next = roster.takeNow(p -> full.stream().noneMatch(f -> f == p) && suits.test(p));
                }
            }
        }
        return new Full(message);
    }

    private synchronized Seat seat(Lease<Pipeline> lease, PipelineSession at) {
        if (closed) {
            give(at);
            lease.close();
            throw new IllegalStateException("session " + session + " has ended");
        }
        held.put(lease.get(), at);
        return new Seat(lease, at);
    }

    private synchronized Collection<Map.Entry<Pipeline, PipelineSession>> snapshot() {
        return List.copyOf(held.entrySet());
    }

    /** Gives the reservation at this pipeline back: it leaves. */
    void vacate(Pipeline pipeline) {
        PipelineSession at;
        synchronized (this) {
            at = held.remove(pipeline);
        }
        if (at != null) {
            give(at);
        }
    }

    private static void give(PipelineSession at) {
        try {
            at.close();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A pipeline did not take a reservation back; its capacity may be lost", e);
        }
    }

    /** Gives all reservations back and takes no more. */
    void close() {
        List<PipelineSession> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(held.values());
            held.clear();
        }
        all.forEach(Seats::give);
    }
}
