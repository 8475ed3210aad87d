package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.lease.Unfit;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The capacity that one session holds at pipelines: one reservation at each that worked for it. A
 * session stays with its pipeline as long as that is there, and moves to the next one when it leaves.
 */
final class Seats {

    /** How long a pipeline may take to reserve, or to take a reservation back. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SessionId session;
    private final Roster roster;
    private final Map<Pipeline, Place> held = new IdentityHashMap<>();
    private boolean closed;

    /** What became of asking for a seat. */
    sealed interface Taken {}

    /** What a pipeline said when it was asked. */
    private sealed interface Asked {}

    /** A reservation, the name of the pipeline that gave it, and whose that is. */
    record Place(PipelineSession at, String pipeline, Provider provider) implements Asked {}

    /** One to work on until it is closed; the reservation stays. */
    record Seat(Lease<Pipeline> lease, Place place) implements Taken, AutoCloseable {
        PipelineSession at() {
            return place.at();
        }

        String pipeline() {
            return place.pipeline();
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    /** Every pipeline that could is full. */
    record Full(String message) implements Taken, Asked {}

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
        for (Map.Entry<Pipeline, Place> entry : snapshot()) {
            Optional<Lease<Pipeline>> lease = roster.takeNow(p -> p == entry.getKey() && suits.test(p));
            if (lease.isPresent()) {
                return Optional.of(new Seat(lease.get(), entry.getValue()));
            }
        }
        return Optional.empty();
    }

    /** One that fails is passed over like one that is full, as long as there is another. */
    private Taken reserve(Predicate<Pipeline> suits, JobSpec spec, Deadline deadline) {
        Set<Pipeline> asked = Collections.newSetFromMap(new IdentityHashMap<>());
        Optional<Unfit> failure = Optional.empty();
        String message = "";
        boolean full = false;
        Optional<Lease<Pipeline>> next = Optional.of(roster.take(suits, deadline));
        while (next.isPresent()) {
            Lease<Pipeline> lease = next.get();
            asked.add(lease.get());
            try {
                switch (ask(lease, spec)) {
                    case Place place -> {
                        return seat(lease, place);
                    }
                    case Full said -> {
                        full = true;
                        message = said.message();
                    }
                }
            } catch (Unfit e) {
                failure = Optional.of(e);
            }
            lease.close();
            next = roster.takeNow(p -> !asked.contains(p) && suits.test(p));
        }
        if (!full && failure.isPresent()) {
            throw failure.get();
        }
        return new Full(message);
    }

    private Asked ask(Lease<Pipeline> lease, JobSpec spec) {
        return roster.foreign().call(lease, LIMIT, pipeline -> {
            String name = Objects.requireNonNull(pipeline.name(), "it has no name");
            return switch (pipeline.reserve(session, spec)) {
                case PipelineSession at -> new Place(at, name, lease.provider());
                case Reservation.Capped capped -> new Full(capped.message() == null ? "" : capped.message());
            };
        });
    }

    private Seat seat(Lease<Pipeline> lease, Place place) {
        synchronized (this) {
            if (!closed) {
                held.put(lease.get(), place);
                return new Seat(lease, place);
            }
        }
        give(place);
        lease.close();
        throw new IllegalStateException("session " + session + " has ended");
    }

    private synchronized Collection<Map.Entry<Pipeline, Place>> snapshot() {
        return List.copyOf(held.entrySet());
    }

    /** Gives the reservation at this pipeline back: it leaves. */
    void vacate(Pipeline pipeline) {
        Place place;
        synchronized (this) {
            place = held.remove(pipeline);
        }
        if (place != null) {
            give(place);
        }
    }

    private void give(Place place) {
        roster.foreign().tell(place.provider(), LIMIT, place.at()::close);
    }

    /** Gives all reservations back and takes no more. */
    void close() {
        List<Place> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(held.values());
            held.clear();
        }
        all.forEach(this::give);
    }
}
