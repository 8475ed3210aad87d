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
        for (Map.Entry<Pipeline, PipelineSession> entry : snapshot()) {
            if (suits.test(entry.getKey())) {
                Optional<Lease<Pipeline>> lease = roster.take(entry.getKey());
                if (lease.isPresent()) {
                    return new Seat(lease.get(), entry.getValue());
                }
            }
        }
        List<Pipeline> full = new ArrayList<>();
        String message = "";
        while (full.isEmpty() || roster.here().stream().anyMatch(p -> !holds(full, p) && suits.test(p))) {
            Lease<Pipeline> lease = roster.take(p -> !holds(full, p) && suits.test(p), deadline);
            try {
                switch (lease.get().reserve(session, spec)) {
                    case PipelineSession at -> {
                        return seat(lease, at);
                    }
                    case Reservation.Capped capped -> {
                        full.add(lease.get());
                        message = capped.message();
                        lease.close();
                    }
                }
            } catch (RuntimeException | Error e) {
                lease.close();
                throw e;
            }
        }
        return new Full(message);
    }

    private synchronized Seat seat(Lease<Pipeline> lease, PipelineSession at) {
        if (closed) {
            give(at);
            throw new IllegalStateException("session " + session + " has ended");
        }
        held.put(lease.get(), at);
        return new Seat(lease, at);
    }

    private synchronized Collection<Map.Entry<Pipeline, PipelineSession>> snapshot() {
        return List.copyOf(held.entrySet());
    }

    private static boolean holds(List<Pipeline> pipelines, Pipeline pipeline) {
        return pipelines.stream().anyMatch(p -> p == pipeline);
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
