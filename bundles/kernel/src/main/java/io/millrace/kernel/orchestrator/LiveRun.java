package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Result;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.pipe.HeldPorts;
import io.millrace.kernel.pipe.LivePipes;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * One live session, from its opening to its end. Its pipes belong to it and not to the transport, so that another
 * transport can take it up. {@link #run} is its story, on a thread of its own.
 */
final class LiveRun {

    private static final System.Logger LOG = System.getLogger(LiveRun.class.getName());

    /** How long a pipeline may take to end once the session was closed. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    final Session session;
    private final LocalOrchestrator node;
    private final LocalOrchestrator.Parts parts;
    private final LiveSpec spec;
    private final Payment payment;
    private final Reservations reservations;
    private final Reservations.Reserved reserved;
    private final LivePipes pipes;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private LivePorts holder;
    private volatile boolean succeeded;

    /** With a reservation of its own, which goes back at its end. */
    LiveRun(
            LocalOrchestrator node,
            Session session,
            LiveSpec spec,
            Payment payment,
            Reservations reservations,
            Reservations.Reserved reserved) {
        this.node = node;
        this.parts = node.parts;
        this.session = session;
        this.spec = spec;
        this.payment = payment;
        this.reservations = reservations;
        this.reserved = reserved;
        this.pipes = new LivePipes(parts.budget(), parts.clock());
    }

    LiveSpec spec() {
        return spec;
    }

    ManifestId manifest() {
        return spec.manifest();
    }

    static BalanceId balance(LiveSpec spec) {
        return new BalanceId(spec.manifest().value());
    }

    Instant lastMessage() {
        return pipes.lastMessage();
    }

    boolean succeeded() {
        return succeeded;
    }

    /** Gives the caller's ends to somebody; whoever had them before can neither use nor close them any more. */
    synchronized LiveSession attach() {
        LivePorts ends = pipes.caller();
        holder = ends;
        return new Attached(manifest(), session.id, new HeldPorts(ends, () -> leave(ends)));
    }

    /** Works until the caller or the pipeline closes the session, or nothing was sent for too long. */
    void run() {
        Instant started = parts.clock().instant();
        Optional<String> error = Optional.empty();
        long units = 0;
        try (LivePorts ports = pipes.pipeline();
                reserved) {
            ForeignCall<Pipeline, Result> call = parts.roster().foreign()
                    .begin(reserved.lease(), pipeline -> Objects.requireNonNull(
                            reserved.session().live(spec, ports), "it neither worked nor failed"));
            call.whenOver(ended::countDown);
            ended.await();
            switch (call.await(ENDING)) {
                case Result.Made made -> {
                    units = made.units();
                    succeeded = true;
                }
                case Result.Failed failed -> error = Optional.of(failed.failure().message());
            }
        } catch (InterruptedException e) {
            error = Optional.of("interrupted");
        } catch (CallFailed e) {
            LOG.log(Level.ERROR, "The pipeline of a live session failed: " + e.getMessage(), e);
            error = Optional.of("the pipeline failed");
        }
        parts.account().debit(spec.spec(), balance(spec), payment, units);
        Duration took = Duration.between(started, parts.clock().instant());
        parts.events().happened(new KernelEvents.JobServed(
                session.id, reserved.pipeline(), 0, took, Duration.ZERO, took, units, error));
        reservations.close();
        awaitReader();
        pipes.close();
        node.sessions.leave(this);
    }

    /** What the pipeline sent last can be read until the caller closes or the session has been idle for too long. */
    private void awaitReader() {
        try {
            left.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the session for both sides. */
    void end() {
        pipes.pipeline().close();
        ended.countDown();
        left.countDown();
    }

    private void leave(LivePorts by) {
        boolean current;
        synchronized (this) {
            current = by == holder;
        }
        if (current) {
            ended.countDown();
            left.countDown();
        }
    }

    private record Attached(ManifestId manifest, SessionId session, LivePorts ports) implements LiveSession {
        @Override
        public void close() {
            ports.close();
        }
    }
}
