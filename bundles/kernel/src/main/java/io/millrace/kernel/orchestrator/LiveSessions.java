package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Result;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.Threads;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.pipe.HeldPorts;
import io.millrace.kernel.pipe.LivePipes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Live sessions: each has a reservation of its own and runs until one side closes it. */
final class LiveSessions {

    /** How long a pipeline may take to end once the session was closed. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final Roster roster;
    private final NodeEvents events;
    private final InstantSource clock;

    LiveSessions(Sessions sessions, Roster roster, NodeEvents events, InstantSource clock) {
        this.sessions = sessions;
        this.roster = roster;
        this.events = events;
        this.clock = clock;
    }

    static ManifestId manifest(int capability) {
        return new ManifestId("capability-" + capability);
    }

    LiveOpening open(SessionId id, LiveSpec spec, Deadline deadline) {
        Seats seats = new Seats(id, roster);
        try {
            return switch (seats.take(
                    roster.suits(spec.spec(), spec.spec().capability().orElse(-1), spec.spec().model()), spec.spec(), deadline)) {
                case Seats.Full full -> new Refusal(
                        Refusal.Reason.CAPPED, full.message().isBlank() ? Texts.CAPPED : full.message());
                case Seats.Seat seat -> start(id, spec, seats, seat);
            };
        } catch (Fault e) {
            return new Refusal(Refusal.Reason.UNAVAILABLE, Texts.NO_PIPELINE);
        } catch (RuntimeException e) {
            return new Refusal(
                    Refusal.Reason.UNAVAILABLE, Worker.broken(e, false).failure().message());
        }
    }

    private LiveOpening start(SessionId id, LiveSpec spec, Seats seats, Seats.Seat seat) {
        LivePipes pipes = new LivePipes(clock);
        CountDownLatch closed = new CountDownLatch(1);
        LivePorts caller = new HeldPorts(pipes.caller(), closed::countDown);
        if (!sessions.enterLive(id, spec.manifest(), caller)) {
            seat.close();
            seats.close();
            return new Refusal(Refusal.Reason.CAPPED, Texts.CAPPED);
        }
        Threads.virtual().name("live-" + id).start(() -> run(id, spec, seats, seat, pipes, closed, caller));
        return new LiveOpening.Opened(new Running(spec.manifest(), id, caller));
    }

    private record Running(ManifestId manifest, SessionId session, LivePorts ports) implements LiveSession {
        @Override
        public void close() {
            ports.close();
        }
    }

    private void run(
            SessionId id,
            LiveSpec spec,
            Seats seats,
            Seats.Seat seat,
            LivePipes pipes,
            CountDownLatch closed,
            LivePorts caller) {
        Instant started = clock.instant();
        String pipeline = seat.pipeline();
        Optional<String> error;
        try (LivePorts ports = pipes.pipeline();
                seat) {
            ForeignCall<Pipeline, Result> call = roster.foreign()
                    .begin(seat.lease(), at -> Objects.requireNonNull(
                            seat.at().live(spec, ports), "it neither worked nor failed"));
            call.whenOver(closed::countDown);
            closed.await();
            error = call.await(ENDING) instanceof Result.Failed failed
                    ? Optional.of(failed.failure().message())
                    : Optional.empty();
        } catch (InterruptedException e) {
            error = Optional.of(Texts.STOPPED);
        } catch (RuntimeException e) {
            error = Optional.of(
                    Worker.broken(e, seat.lease().withdrawn()).failure().message());
        }
        Duration took = Duration.between(started, clock.instant());
        events.happened(new NodeEvent.JobServed(id, pipeline, 0, took, Duration.ZERO, took, 0, error));
        seats.close();
        sessions.leaveLive(id, caller);
    }
}
