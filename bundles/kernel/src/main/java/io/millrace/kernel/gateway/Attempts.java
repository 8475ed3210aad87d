package io.millrace.kernel.gateway;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Payer.Declined;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.payment.Payer.Spend;
import io.millrace.api.payment.Payer.Staging;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.gateway.session.Peers;
import io.millrace.kernel.gateway.session.SessionPool;
import io.millrace.kernel.gateway.session.SessionPool.Choice;
import io.millrace.kernel.gateway.session.SessionPool.Lease;
import io.millrace.kernel.gateway.session.SessionPool.Nobody;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The story of a job at a gateway, from top to bottom: choose an orchestrator, pay, hand the job in, wait, book,
 * fetch the results, check them; and then it is done, or another attempt follows, or it is given up. What a failure
 * leads to is said by its consequence and decided in one place, {@link #afterFailure}.
 *
 * <p>Without state; many jobs run at once, each on a virtual thread of its own, which an interrupt ends.
 */
final class Attempts {

    /** An attempt on a shorter segment is scored as if it had this length (go-livepeer: server/broadcast.go, updateSession). */
    private static final Duration LEAST_SCORED = Duration.ofMillis(1500);

    /** How long the downloads of a segment's renditions may take (go-livepeer: common/util.go, HTTPTimeout is longer). */
    private static final Duration DOWNLOAD = Duration.ofSeconds(4);

    private final Payments payments;
    private final Function<JobSpec, Optional<Price>> maxPrice;
    private final NodeEvents events;
    private final InstantSource clock;

    /** Pays from {@code payments}, at most {@code maxPrice}, and tells {@code events} who was chosen and what failed. */
    Attempts(Payments payments, Function<JobSpec, Optional<Price>> maxPrice, NodeEvents events, InstantSource clock) {
        this.payments = payments;
        this.maxPrice = maxPrice;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What is to be done.
     *
     * @param manifest and sequence name it in events
     * @param length of the media in it, zero for other work
     * @param units of it, estimated, in the unit of the orchestrator's price
     * @param allowed for each attempt, choosing included
     * @param patience how long an orchestrator is looked for that takes the job, from the last one that failed on
     * @param until no attempt begins after this
     * @param most attempts; being turned away by a full orchestrator is none
     * @param cancelled asked before each attempt
     * @param charge what the results take of the node's memory
     * @param check judges results before they count
     */
    record Task(
            ManifestId manifest,
            long sequence,
            JobSpec spec,
            Duration length,
            BigInteger units,
            Duration allowed,
            Duration patience,
            Deadline until,
            int most,
            BooleanSupplier cancelled,
            Budget.Charge charge,
            Check check) {}

    /** Judges what an orchestrator made. */
    @FunctionalInterface
    interface Check {

        /** Any result is good. */
        Check NONE = (offer, done) -> Optional.empty();

        /**
         * What is wrong; empty when it is good.
         *
         * @param done its outputs are here
         */
        Optional<String> objection(Offer offer, Completion.Done done);
    }

    /** How one attempt ended. */
    private sealed interface Attempt<T> {

        /**
         * It succeeded.
         *
         * @param work how long the orchestrator had the job
         * @param goesOn the session is given back by whoever reads or ends what was made
         */
        record Good<T>(T value, Duration work, Optional<Offer> next, boolean goesOn) implements Attempt<T> {}

        /**
         * It failed. The message is for a person, or the exact text of the wire.
         *
         * @param kind how the work failed, where it was accepted
         */
        record Bad<T>(Consequence consequence, Failure.Kind kind, String message, Optional<Offer> next)
                implements Attempt<T> {
            Bad(Consequence consequence, String message) {
                this(consequence, Failure.Kind.PEER, message, Optional.empty());
            }
        }
    }

    /** Has a job done: a segment or a request. Results that are fetched later are fetched here. */
    Outcome<Completion> run(SessionPool pool, Task task, Job job) {
        return attempt(pool, task, (lease, peer, deadline) -> submit(lease, peer, task, job, deadline));
    }

    /** Has a live session opened. */
    Outcome<LiveSession> open(SessionPool pool, Task task, LiveSpec spec) {
        return attempt(pool, task, (lease, peer, deadline) -> open(lease, peer, task, spec, deadline));
    }

    /** What is tried at a session: the two shapes of work differ in this alone. */
    @FunctionalInterface
    private interface Step<T> {
        Attempt<T> at(Lease lease, Peers.Peer peer, Deadline deadline);
    }

    private <T> Outcome<T> attempt(SessionPool pool, Task task, Step<T> step) {
        Set<URI> failedAt = new HashSet<>();
        Deadline patience = patience(task);
        int tried = 0;
        String last = "";
        while (tried < task.most()) {
            if (task.cancelled().getAsBoolean()) {
                return new Outcome.Cancelled<>(tried);
            }
            if (!last.isEmpty() && patience.expired(clock)) {
                return tried == 0
                        ? new Outcome.Nobody<>("all orchestrators are full: " + last, tried)
                        : new Outcome.Exhausted<>(last, tried);
            }
            Choice choice = pool.choose(task.spec(), task.length(), Set.copyOf(failedAt), patience);
            if (choice instanceof Nobody nobody) {
                return new Outcome.Nobody<>(nobody.why(), tried);
            }
            Lease lease = (Lease) choice;
            if (task.cancelled().getAsBoolean()) {
                lease.release(Optional.empty());
                return new Outcome.Cancelled<>(tried);
            }
            events.happened(new KernelEvents.Selected(
                    task.manifest(), task.sequence(), lease.orchestrator(), lease.candidates()));
            switch (renewThenTry(lease, task, step)) {
                case Attempt.Good<T> good -> {
                    if (!good.goesOn()) {
                        lease.done(score(good.work(), task.length()), good.next());
                    }
                    return new Outcome.Done<>(good.value(), lease.orchestrator(), good.work(), tried + 1);
                }
                case Attempt.Bad<T> bad -> {
                    last = bad.message();
                    boolean busy = bad.consequence() == Consequence.BUSY;
                    tried += busy ? 0 : 1;
                    if (!busy) {
                        patience = patience(task);
                    }
                    Optional<Outcome<T>> end = afterFailure(lease, task, bad, tried, failedAt);
                    if (end.isPresent()) {
                        return end.get();
                    }
                }
            }
        }
        return new Outcome.Exhausted<>(last, tried);
    }

    /** One attempt. An offer that expires soon is renewed before; one that is refused is renewed once and tried again. */
    private <T> Attempt<T> renewThenTry(Lease lease, Task task, Step<T> step) {
        if (lease.isDueForRenewal()) {
            Optional<SessionPool.NotRenewed> not = lease.renew();
            if (not.isPresent() && !(not.get().busy() && lease.tokenHolds())) {
                return notRenewed(not.get());
            }
        }
        Attempt<T> first = tryOnce(lease, task, step);
        if (!(first instanceof Attempt.Bad<T> bad) || bad.consequence() != Consequence.RENEW_OFFER) {
            return first;
        }
        failed(task, lease, bad.message());
        Optional<SessionPool.NotRenewed> not = lease.renew();
        if (not.isPresent()) {
            return notRenewed(not.get());
        }
        Attempt<T> second = tryOnce(lease, task, step);
        return second instanceof Attempt.Bad<T> again && again.consequence() == Consequence.RENEW_OFFER
                ? new Attempt.Bad<>(Consequence.SUSPEND_PEER, again.message())
                : second;
    }

    /** Tries the step over a connection, which is closed after it unless the work goes on. */
    private <T> Attempt<T> tryOnce(Lease lease, Task task, Step<T> step) {
        Deadline deadline = deadline(task);
        Peers.Peer peer;
        try {
            peer = lease.connect(deadline);
        } catch (RuntimeException e) {
            return broken(e);
        }
        boolean goesOn = false;
        try {
            Attempt<T> attempt = step.at(lease, peer, deadline);
            goesOn = attempt instanceof Attempt.Good<T> good && good.goesOn();
            return attempt;
        } catch (RuntimeException e) {
            return broken(e);
        } finally {
            if (!goesOn) {
                peer.close();
            }
        }
    }

    private Deadline patience(Task task) {
        return Deadline.in(task.patience(), clock).orEarlier(task.until());
    }

    private Deadline deadline(Task task) {
        return Deadline.in(task.allowed(), clock).orEarlier(task.until());
    }

    private static <T> Attempt<T> notRenewed(SessionPool.NotRenewed not) {
        return new Attempt.Bad<>(not.busy() ? Consequence.BUSY : Consequence.SUSPEND_PEER, not.message());
    }

    /** Gives the session back as the failure demands; present when no further attempt follows. */
    private <T> Optional<Outcome<T>> afterFailure(
            Lease lease, Task task, Attempt.Bad<T> bad, int tried, Set<URI> failedAt) {
        if (task.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted()) {
            lease.release(bad.next());
            return Optional.of(new Outcome.Cancelled<>(tried));
        }
        failed(task, lease, bad.message());
        switch (bad.consequence()) {
            case GIVE_UP, STOP_NODE -> {
                lease.release(bad.next());
                return Optional.of(new Outcome.Hopeless<>(bad.kind(), bad.message(), tried));
            }
            case BUSY -> lease.full(bad.message(), bad.next());
            case RETRY_HERE -> lease.release(bad.next());
            case RETRY_ELSEWHERE -> {
                lease.release(bad.next());
                failedAt.add(lease.orchestrator());
            }
            case RENEW_OFFER, SUSPEND_PEER -> lease.suspend(bad.message());
        }
        return Optional.empty();
    }

    // -- a segment or a request

    private Attempt<Completion> submit(Lease lease, Peers.Peer peer, Task task, Job job, Deadline deadline) {
        Offer offer = lease.offer();
        Accepted accepted = null;
        boolean goesOn = false;
        try {
            Staging staging = stage(offer, balance(offer, task), task, deadline);
            if (staging instanceof Declined declined) {
                return new Attempt.Bad<>(declined.reason().consequence(), declined.message());
            }
            Spend spend = (Spend) staging;
            Instant start = clock.instant();
            // whatever happens from here on, the bytes may have left
            Settled settled = new Settled.NotKnown();
            Completion completion;
            try {
                Submission submission =
                        peer.orchestrator().submit(Optional.of(offer.token()), job, spend.payment(), deadline);
                switch (submission) {
                    case Submission.NotSent no -> {
                        settled = new Settled.NotSent();
                        return new Attempt.Bad<>(Consequence.SUSPEND_PEER, no.message());
                    }
                    case Refusal refusal -> {
                        settled = new Settled.Lost();
                        return new Attempt.Bad<>(refusal.reason().consequence(), refusal.message());
                    }
                    case Accepted its -> accepted = its;
                }
                settled = new Settled.Lost();
                completion = accepted.await(deadline);
                settled = switch (completion) {
                    case Completion.Done done -> new Settled.Used(billed(done.units(), task));
                    case Completion.Streaming _ -> new Settled.Used(task.units());
                    case Completion.Failed _ -> settled;
                };
            } finally {
                // booked at once: a download that fails does not undo the work
                spend.settle(settled);
            }
            Duration work = Duration.between(start, clock.instant());
            switch (completion) {
                case Completion.Failed failed -> {
                    Failure failure = failed.failure();
                    return new Attempt.Bad<>(
                            failure.kind().consequence(), failure.kind(), failure.message(), failed.next());
                }
                case Completion.Streaming streaming -> {
                    goesOn = true;
                    Accepted running = accepted;
                    ObservedSource messages = new ObservedSource(streaming.messages(), () -> {
                        running.close();
                        peer.close();
                        lease.done(score(work, task.length()), Optional.empty());
                    });
                    return new Attempt.Good<>(
                            new Completion.Streaming(messages, streaming.contentType()), work, Optional.empty(), true);
                }
                case Completion.Done done -> {
                    Completion.Done here = done.withOutputs(fetched(done.outputs(), task, deadline));
                    Optional<String> objection = task.check().objection(offer, here);
                    return objection.isPresent()
                            ? new Attempt.Bad<>(
                                    Consequence.SUSPEND_PEER, Failure.Kind.PEER, objection.get(), done.next())
                            : new Attempt.Good<>(here.withNext(Optional.empty()), work, done.next(), false);
                }
            }
        } finally {
            if (!goesOn && accepted != null) {
                accepted.close();
            }
        }
    }

    /** What an orchestrator says it did is believed up to twice the estimate: more would make us pay for its word alone. */
    private static BigInteger billed(long said, Task task) {
        BigInteger units = BigInteger.valueOf(said).max(BigInteger.ZERO);
        return task.units().signum() > 0 ? units.min(task.units().shiftLeft(1)) : units;
    }

    private static <T> Attempt<T> broken(RuntimeException e) {
        return e instanceof Fault fault
                ? new Attempt.Bad<>(fault.consequence(), fault.getMessage())
                : new Attempt.Bad<>(Consequence.SUSPEND_PEER, "the call failed: " + e);
    }

    /** All results, brought here in parallel. */
    private List<Output> fetched(List<Output> outputs, Task task, Deadline deadline) {
        // the segment's own time is over when it is done, and its downloads have a time of their own
        Deadline until = task.length().isZero() ? deadline : Deadline.in(DOWNLOAD, clock);
        List<FutureTask<Bytes>> tasks = new ArrayList<>();
        for (Output output : outputs) {
            FutureTask<Bytes> fetch = new FutureTask<>(() -> {
                Bytes data = output.fetch(until);
                if (!task.charge().add(data.size())) {
                    throw new Fault(Consequence.BUSY, "the memory of this gateway has no room for it");
                }
                return data;
            });
            tasks.add(fetch);
            Threads.virtual().name("fetch " + output.name()).start(fetch);
        }
        try {
            List<Output> here = new ArrayList<>();
            for (int i = 0; i < outputs.size(); i++) {
                here.add(new FetchedOutput(outputs.get(i), tasks.get(i).get()));
            }
            return here;
        } catch (ExecutionException e) {
            // it is this node that is full, or the peer that does not hand out what it made
            boolean full = e.getCause() instanceof Fault fault && fault.consequence() == Consequence.BUSY;
            throw new Fault(
                    full ? Consequence.RETRY_ELSEWHERE : Consequence.SUSPEND_PEER,
                    "a result cannot be fetched: " + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Consequence.RETRY_ELSEWHERE, "interrupted while fetching results", e);
        } finally {
            tasks.forEach(fetch -> fetch.cancel(true));
        }
    }

    // -- a live session

    private Attempt<LiveSession> open(Lease lease, Peers.Peer peer, Task task, LiveSpec spec, Deadline deadline) {
        Offer offer = lease.offer();
        Staging staging = stage(offer, new BalanceId(spec.manifest().value()), task, deadline);
        if (staging instanceof Declined declined) {
            return new Attempt.Bad<>(declined.reason().consequence(), declined.message());
        }
        Spend spend = (Spend) staging;
        Instant start = clock.instant();
        Settled settled = new Settled.NotKnown();
        LiveOpening opening;
        try {
            opening = peer.orchestrator().open(Optional.of(offer.token()), spec, spend.payment(), deadline);
            settled = opening instanceof LiveOpening.Opened ? new Settled.Used(BigInteger.ZERO) : new Settled.Lost();
        } finally {
            spend.settle(settled);
        }
        return switch (opening) {
            case Refusal refusal -> new Attempt.Bad<>(refusal.reason().consequence(), refusal.message());
            case LiveOpening.Opened opened -> {
                LiveSession session = new ObservedSession(opened.session(), () -> {
                    peer.close();
                    lease.release(Optional.empty());
                });
                yield new Attempt.Good<>(session, Duration.between(start, clock.instant()), Optional.empty(), true);
            }
        };
    }

    private Staging stage(Offer offer, BalanceId balance, Task task, Deadline deadline) {
        try {
            return payments.stage(new Request(offer, balance, task, maxPrice.apply(task.spec())), deadline);
        } catch (Fault e) {
            return new Declined(Declined.Reason.PRICE, e.getMessage());
        }
    }

    // -- what is told

    private void failed(Task task, Lease lease, String reason) {
        events.happened(
                new KernelEvents.AttemptFailed(task.manifest(), task.sequence(), lease.orchestrator(), reason));
    }

    private static double score(Duration work, Duration length) {
        Duration scored = length.compareTo(LEAST_SCORED) > 0 ? length : LEAST_SCORED;
        return (double) work.toNanos() / scored.toNanos();
    }

    /** A segment is paid from the session's balance, a request from that of its capability and model. */
    private static BalanceId balance(Offer offer, Task task) {
        AuthToken token = offer.token();
        return task.spec().capability().isPresent()
                ? BalanceId.of(task.spec().capability().getAsInt(), task.spec().model())
                : BalanceId.of(token.session());
    }

    private record Request(Offer offer, BalanceId balance, Task task, Optional<Price> maxPrice)
            implements Payer.Request {

        @Override
        public JobSpec spec() {
            return task.spec();
        }

        @Override
        public BigInteger units() {
            return task.units();
        }
    }
}
