package io.millrace.kernel.gateway;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.MessageSource;
import io.millrace.kernel.gateway.carry.Attempts;
import io.millrace.kernel.gateway.carry.Carriage;
import io.millrace.kernel.gateway.carry.Downloads;
import io.millrace.kernel.gateway.carry.HeldSource;
import io.millrace.kernel.gateway.carry.Outcome;
import io.millrace.kernel.gateway.carry.Tried;
import io.millrace.kernel.gateway.find.SessionPool;
import io.millrace.kernel.pipe.HeldPorts;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Has requests and live sessions served: found, asked, chosen, paid and carried like the segments of a
 * stream, each with a pool of its own.
 */
final class JobDesk {

    /** The name of requests where events name a stream. */
    private static final ManifestId REQUEST = new ManifestId("request");

    private static final long LARGEST_BODY = 300_000_000;

    private final SessionPool.Parts parts;
    private final Carriage carriage;
    private final Attempts attempts;
    private final Supplier<GatewaySettings> settings;
    private final InstantSource clock;
    private final AtomicLong number = new AtomicLong();
    private final Tally open;

    JobDesk(SessionPool.Parts parts, Carriage carriage, Attempts attempts, Supplier<GatewaySettings> settings) {
        this.parts = parts;
        this.carriage = carriage;
        this.attempts = attempts;
        this.settings = settings;
        clock = parts.clock();
        open = new Tally(parts.timers(), clock);
    }

    Completion request(Job job, Deadline deadline) {
        return switch (job.body().read(LARGEST_BODY)) {
            case Body.Read.Rejected no -> failed(Failure.Kind.INPUT, no.refusal().message());
            // an attempt that fails after it has read the body leaves it to the next one
            case Body.Read.Received body -> serve(
                    new Job(job.spec(), job.payload(), Body.of(body.bytes())), deadline);
        };
    }

    private Completion serve(Job job, Deadline deadline) {
        Visit visit = new Visit(job.spec());
        Outcome<Completion> outcome = attempts.run(
                visit.pool,
                errand(job.spec(), deadline),
                (flight, _) -> carriage.carry(
                        flight, job, BigInteger.ZERO, deadline, new Answer(visit, deadline)));
        if (outcome instanceof Outcome.Success<Completion> success
                && success.value() instanceof Completion.Streaming streaming) {
            return streaming;
        }
        visit.close();
        return switch (outcome) {
            case Outcome.Success<Completion> success -> success.value();
            case Outcome.Hopeless<Completion> no -> failed(Failure.Kind.INPUT, no.message());
            case Outcome.Exhausted<Completion> no -> failed(Failure.Kind.PEER, no.message());
            case Outcome.NoSession<Completion> no -> failed(Failure.Kind.BUSY, no.message());
            case Outcome.Cancelled<Completion> _ -> failed(Failure.Kind.CANCELLED, "given up");
        };
    }

    LiveOpening open(LiveSpec spec, Deadline deadline) {
        Visit visit = new Visit(spec.spec());
        Outcome<LiveOpening.Opened> outcome = attempts.run(
                visit.pool, errand(spec.spec(), deadline), (flight, _) -> carriage.open(flight, spec, deadline));
        if (outcome instanceof Outcome.Success<LiveOpening.Opened> success) {
            return new LiveOpening.Opened(success.value().session());
        }
        visit.close();
        return switch (outcome) {
            case Outcome.Hopeless<LiveOpening.Opened> no -> new Refusal(Refusal.Reason.MALFORMED, no.message());
            case Outcome.Exhausted<LiveOpening.Opened> no -> new Refusal(Refusal.Reason.UNAVAILABLE, no.message());
            case Outcome.NoSession<LiveOpening.Opened> no -> new Refusal(Refusal.Reason.UNAVAILABLE, no.message());
            default -> new Refusal(Refusal.Reason.UNAVAILABLE, "given up");
        };
    }

    /** Waits for what is open; whether all of it was over in time. */
    boolean drain(Deadline deadline) {
        return open.awaitNone(deadline);
    }

    private Attempts.Errand errand(JobSpec spec, Deadline deadline) {
        return new Attempts.Errand(
                REQUEST,
                number.incrementAndGet(),
                spec,
                Duration.ZERO,
                deadline.remaining(clock),
                settings.get().maxAttempts(),
                () -> deadline.expired(clock));
    }

    private static Completion failed(Failure.Kind kind, String message) {
        return new Completion.Failed(new Failure(kind, message), Optional.empty());
    }

    private final class Visit {
        private final SessionPool pool;
        private final AtomicBoolean closed = new AtomicBoolean();

        Visit(JobSpec spec) {
            open.opened();
            pool = new SessionPool(parts, settings.get().poolLimits(), spec);
        }

        void close() {
            if (closed.compareAndSet(false, true)) {
                pool.close();
                open.closed();
            }
        }
    }

    private record Answer(Visit visit, Deadline deadline) implements Carriage.Receipt<Completion> {
        @Override
        public Tried<Completion> done(Offer offer, Completion.Done done, Duration work) {
            // here and now: the session, and with it the results, is gone once the caller has its answer
            List<Bytes> fetched = Downloads.all(done.outputs(), deadline);
            List<Output> outputs = new ArrayList<>();
            for (int i = 0; i < fetched.size(); i++) {
                outputs.add(new FetchedOutput(done.outputs().get(i), fetched.get(i)));
            }
            return new Tried.Good<>(
                    done.withOutputs(outputs).withNext(Optional.empty()), work, done.next());
        }

        @Override
        public Tried<Completion> streaming(MessageSource<Bytes> messages, Duration work) {
            return new Tried.Good<>(
                    new Completion.Streaming(new HeldSource(messages, visit::close), "text/event-stream"), work, Optional.empty());
        }
    }
}
