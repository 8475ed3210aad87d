package io.millrace.livepeer.byoc;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.MessageSource;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** Has the capability {@code echo-cap}, with room for two jobs: it says what it was asked. */
final class EchoOrchestrator implements Orchestrator {

    static final String CAPABILITY = "echo-cap";
    /** Paths that it fails at. */
    static final String FAIL = "fail";
    static final String BREAK = "break";
    /** The path at which it answers one event for each permit of {@link #events}, three in all. */
    static final String STREAM = "stream";
    /** The path at which it works until the job is given up. */
    static final String HANG = "hang";

    final LinkedBlockingQueue<AuthToken> ended = new LinkedBlockingQueue<>();
    final Semaphore events = new Semaphore(0);
    /** A permit for each job that hangs. */
    final Semaphore hanging = new Semaphore(0);
    /** A permit for each job whose thread was told to give it up. */
    final Semaphore givenUp = new Semaphore(0);
    volatile URI endpoint;

    private static final AuthToken TOKEN =
            new AuthToken(Bytes.hex("22".repeat(32)), new SessionId("5e551011"), Instant.ofEpochSecond(1_800_000_000));

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        Capabilities.Model model = new Capabilities.Model(true, 3, "", 1);
        return Offer.at(endpoint, TOKEN)
                .capabilities(Capabilities.of(Capability.BYOC, Capability.AUTH_TOKEN)
                        .withModels(Map.of(Capability.BYOC, Map.of(CAPABILITY, model))))
                .build();
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        if (!token.equals(Optional.of(TOKEN))) {
            return new Refusal(Refusal.Reason.TOKEN_INVALID, "invalid auth token");
        }
        Payload.Request request = (Payload.Request) job.payload();
        return switch (job.body().read(1000)) {
            case Body.Read.Rejected rejected -> rejected.refusal();
            case Body.Read.Received received -> new CompletedJob(answer(request, received.bytes()));
        };
    }

    private Completion answer(Payload.Request request, Bytes body) {
        return switch (request.path()) {
            case FAIL -> CompletedJob.failed(Failure.Kind.INPUT, "{\"detail\":\"worker says no\"}");
            case BREAK -> CompletedJob.failed(Failure.Kind.PEER, "worker broke down");
            case STREAM -> new Completion.Streaming(new Events(), "text/event-stream");
            case HANG -> hang();
            default -> CompletedJob.done(
                    Optional.of("application/json"),
                    Bytes.utf8(request.model() + " " + request.path() + " " + request.contentType() + " "
                            + body.utf8()));
        };
    }

    private Completion hang() {
        hanging.release();
        try {
            new CountDownLatch(1).await();
            throw new AssertionError("nothing ends it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            givenUp.release();
            return CompletedJob.failed(Failure.Kind.CANCELLED, "given up");
        }
    }

    private final class Events implements MessageSource<Bytes> {

        private int sent;

        @Override
        public Optional<Bytes> next(Deadline deadline) {
            if (sent == 3) {
                return Optional.empty();
            }
            try {
                events.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "given up", e);
            }
            sent++;
            return Optional.of(Bytes.utf8("data: " + sent + "\n\n"));
        }

        @Override
        public void close() {
            givenUp.release();
        }
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
        throw new AssertionError("nobody pays here");
    }

    @Override
    public Optional<Refusal> end(AuthToken token, Deadline deadline) {
        ended.add(token);
        return Optional.empty();
    }
}
