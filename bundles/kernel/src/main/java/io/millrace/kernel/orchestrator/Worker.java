package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.MessageSink;
import io.millrace.kernel.lease.Unfit;
import io.millrace.kernel.pipe.Pipe;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Does one job at a seat, and makes a completion of whatever comes of it. */
final class Worker {

    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final Results results;
    private final Roster roster;
    private final InstantSource clock;

    /**
     * What was done: how it ended, by whom, how much of it.
     *
     * @param lost the pipeline was taken away under the job, which says nothing about the job
     */
    record Outcome(Completion completion, String pipeline, long units, boolean lost) {

        static Outcome failed(Failure.Kind kind, String text) {
            return new Outcome(Work.failed(kind, text), "", 0, false);
        }
    }

    Worker(Results results, Roster roster, InstantSource clock) {
        this.results = results;
        this.roster = roster;
        this.clock = clock;
    }

    /** Works until the job is done. {@code number} names its results. Throws nothing. */
    Outcome work(Work work, long number, Seats seats) {
        Outcome outcome = attempt(work, number, seats);
        return outcome.lost() ? attempt(work, number, seats) : outcome;
    }

    private Outcome attempt(Work work, long number, Seats seats) {
        try {
            return switch (seats.take(roster.suits(work.spec, work.payload), work.spec, work.deadline)) {
                case Seats.Full full -> Outcome.failed(
                        Failure.Kind.BUSY, full.message().isBlank() ? Texts.CAPPED : full.message());
                case Seats.Seat seat -> at(seat, work, number);
            };
        } catch (Fault e) {
            return Outcome.failed(Failure.Kind.PEER, Texts.NO_PIPELINE);
        } catch (RuntimeException e) {
            return new Outcome(broken(e, work.isSettled()), "", 0, false);
        }
    }

    private Outcome at(Seats.Seat seat, Work work, long number) {
        try (seat) {
            String pipeline = seat.pipeline();
            try {
                return switch (run(seat, work)) {
                    case Result.Failed failed -> new Outcome(
                            new Completion.Failed(failed.failure(), Optional.empty()),
                            pipeline,
                            0,
                            failed.failure().kind() != Failure.Kind.INPUT && lost(seat, work));
                    case Result.Made made -> new Outcome(
                            results.keep(work, number, made.artifacts()), pipeline, units(made.artifacts()), false);
                };
            } catch (RuntimeException e) {
                boolean lost = lost(seat, work);
                return new Outcome(broken(e, lost || work.isSettled()), pipeline, 0, lost);
            }
        }
    }

    /** The session gives a late job up; a call that does not hear that is given up here. */
    private Result run(Seats.Seat seat, Work work) {
        Duration limit = work.deadline.remaining(clock).plus(Sessions.GIVING_UP);
        return roster.foreign().call(seat.lease(), limit, pipeline -> Objects.requireNonNull(
                work.payload instanceof Payload.Request request && request.streaming()
                        ? stream(seat, request, work)
                        : seat.at().run(work.payload, work.input, work.deadline),
                "it neither made anything nor failed"));
    }

    private static boolean lost(Seats.Seat seat, Work work) {
        return seat.lease().withdrawn() && !work.isSettled();
    }

    private static long units(List<Artifact> artifacts) {
        return artifacts.stream().mapToLong(Artifact::units).sum();
    }

    /** The job is settled by its first message; a failure before that is an ordinary one. */
    private Result stream(Seats.Seat seat, Payload.Request request, Work work) {
        Pipe<Bytes> pipe = new Pipe<>(Bytes::size, clock);
        Completion streaming = new Completion.Streaming(pipe.source(), "text/event-stream");
        MessageSink<Bytes> answers = new MessageSink<>() {
            @Override
            public void send(Bytes message, Deadline deadline) {
                work.settle(streaming);
                pipe.sink().send(message, deadline.orEarlier(work.deadline));
            }

            @Override
            public void close() {
                pipe.sink().close();
            }
        };
        try {
            Result result = seat.at().stream(request, work.input, answers, work.deadline);
            switch (result) {
                case Result.Made made -> {
                    work.settle(streaming);
                    pipe.sink().close();
                }
                case Result.Failed failed -> pipe.fail(
                        new Fault(Fault.Consequence.RETRY_ELSEWHERE, failed.failure().message()));
            }
            return result;
        } catch (RuntimeException | Error e) {
            pipe.fail(new Fault(Fault.Consequence.RETRY_ELSEWHERE, Texts.BROKEN));
            throw e;
        }
    }

    /** What broke is for the operator's log, unless it had to; the gateway is only told that it did. */
    static Completion.Failed broken(Throwable cause, boolean expected) {
        if (cause instanceof Fault fault) {
            return Work.failed(Failure.Kind.PEER, fault.getMessage());
        }
        if (cause instanceof Unfit unfit && unfit.isLate()) {
            return Work.failed(Failure.Kind.TIMEOUT, Texts.TOO_LONG);
        }
        LOG.log(expected ? Level.DEBUG : Level.ERROR, "A pipeline failed; its session goes on with the next job: " + cause.getMessage(), cause);
        return Work.failed(Failure.Kind.PEER, Texts.BROKEN);
    }
}
