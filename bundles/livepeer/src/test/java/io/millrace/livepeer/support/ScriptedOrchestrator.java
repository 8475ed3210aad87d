package io.millrace.livepeer.support;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An orchestrator that does as it is told, and remembers what it was asked. */
public final class ScriptedOrchestrator implements Orchestrator {

    /** The largest body it reads. */
    public static final long LIMIT = 1_000_000;
    /** The session of its offers. */
    public static final SessionId SESSION = new SessionId("0a1b2c3d");
    /** The token of its offers. */
    public static final AuthToken TOKEN =
            new AuthToken(Bytes.hex("11".repeat(32)), SESSION, Instant.ofEpochSecond(1_800_000_000));

    /** What it was asked for offers. */
    public final LinkedBlockingQueue<Caller> callers = new LinkedBlockingQueue<>();
    /** What it was asked to do. */
    public final LinkedBlockingQueue<Submitted> submitted = new LinkedBlockingQueue<>();
    /** Sessions that ended. */
    public final LinkedBlockingQueue<AuthToken> ended = new LinkedBlockingQueue<>();
    /** Jobs that were given up before they were done. */
    private final Semaphore underWay = new Semaphore(0);

    public final LinkedBlockingQueue<SessionId> givenUp = new LinkedBlockingQueue<>();

    private final ObjectStore store;
    private volatile URI endpoint = URI.create("https://nowhere.test:8935");
    private volatile Optional<Refusal> refusal = Optional.empty();
    private volatile Optional<Failure> failure = Optional.empty();
    private volatile boolean broken;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** A job that came in. */
    public record Submitted(Optional<AuthToken> token, JobSpec spec, Payload payload, Bytes body, Payment payment) {}

    /** Puts its results into {@code store}. */
    public ScriptedOrchestrator(ObjectStore store) {
        this.store = store;
    }

    /** Willing again, with nothing remembered. */
    public void reset() {
        release();
        refusal = Optional.empty();
        failure = Optional.empty();
        broken = false;
        gate = new CountDownLatch(0);
        callers.clear();
        submitted.clear();
        ended.clear();
        givenUp.clear();
    }

    /** From now on its offers name this address. */
    public void at(URI newEndpoint) {
        endpoint = newEndpoint;
    }

    /** From now on it refuses everything. */
    public void refuse(Refusal.Reason reason, String message) {
        refusal = Optional.of(new Refusal(reason, message));
    }

    /** From now on its work fails. */
    public void fail(Failure newFailure) {
        failure = Optional.of(newFailure);
    }

    /** From now on it throws. */
    public void breakDown() {
        broken = true;
    }

    /** From now on its work waits until it is let go. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /**
     * Waits until held work has been waiting for a while: the container tells of a caller that leaves only
     * once its thread has come back.
     */
    public void awaitUnderWay() throws InterruptedException {
        underWay.drainPermits();
        if (!underWay.tryAcquire(20, 30, TimeUnit.SECONDS)) {
            throw new AssertionError("no work is under way");
        }
    }

    /** Lets the work go on. */
    public void release() {
        gate.countDown();
    }

    /** The offer that it makes. */
    public Offer offer() {
        return Offer.at(endpoint, TOKEN)
                .capabilities(
                        Capabilities.of(0, 1, 2, 12, 26).withCapacity(1).withVersion("0.9.1").withMinVersion("0.9.1"))
                .build();
    }

    /** The next offer is under the token that the caller came with, as an orchestrator makes it. */
    private Offer offer(Optional<AuthToken> token) {
        return token.map(own -> offer().but(own).build()).orElseGet(this::offer);
    }

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        callers.add(caller);
        if (broken) {
            throw new IllegalStateException("broken on purpose");
        }
        return refusal.<Quote>map(refused -> refused).orElseGet(this::offer);
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        if (broken) {
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "broken on purpose");
        }
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return switch (job.body().read(LIMIT)) {
            case Body.Read.Rejected rejected -> rejected.refusal();
            case Body.Read.Received received -> {
                submitted.add(new Submitted(token, job.spec(), job.payload(), received.bytes(), payment));
                yield new Work(token, (Payload.Transcode) job.payload(), received.bytes());
            }
        };
    }

    @Override
    public LiveOpening open(Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline) {
        throw new AssertionError("nobody opens sessions here");
    }

    @Override
    public LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline) {
        throw new AssertionError("nobody comes back here");
    }

    @Override
    public Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
        return refusal.<Quote>map(refused -> refused).orElseGet(() -> offer(token));
    }

    @Override
    public Optional<Refusal> end(AuthToken token, Deadline deadline) {
        if (!token.token().equals(TOKEN.token())) {
            return Optional.of(new Refusal(Refusal.Reason.TOKEN_INVALID, "not one of ours"));
        }
        ended.add(token);
        return Optional.empty();
    }

    /** Answers the segment itself as each rendition, ten units for each byte. */
    private final class Work implements Accepted {

        private final Optional<AuthToken> token;
        private final Payload.Transcode payload;
        private final Bytes body;
        private final CountDownLatch closed = new CountDownLatch(1);
        private final CountDownLatch held = gate;
        private volatile boolean complete;

        Work(Optional<AuthToken> token, Payload.Transcode payload, Bytes body) {
            this.token = token;
            this.payload = payload;
            this.body = body;
        }

        @Override
        public Completion await(Deadline deadline) {
            try {
                while (!held.await(5, TimeUnit.MILLISECONDS)) {
                    underWay.release();
                    if (closed.getCount() == 0) {
                        return new Completion.Failed(
                                new Failure(Failure.Kind.CANCELLED, "given up"), Optional.empty());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            complete = true;
            if (failure.isPresent()) {
                return new Completion.Failed(failure.get(), Optional.of(offer(token)));
            }
            List<Output> outputs = new ArrayList<>();
            payload.profiles().forEach(profile -> {
                String name = profile.name() + "/" + payload.sequence() + profile.format().extension();
                outputs.add(new Stored(profile.name(), store.put(SESSION, name, body), 10L * body.size(), body));
            });
            return Completion.Done.of(outputs)
                    .withSignature(Bytes.utf8("signed"))
                    .withNext(Optional.of(offer(token)));
        }

        @Override
        public void close() {
            closed.countDown();
            if (!complete) {
                givenUp.add(SESSION);
            }
        }
    }

    private record Stored(String name, String location, long units, Bytes bytes) implements Output {

        @Override
        public Bytes fetch(Deadline deadline) {
            return bytes;
        }
    }
}
