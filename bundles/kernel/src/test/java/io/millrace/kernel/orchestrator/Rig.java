package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.kernel.NodeSecret;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.payment.NoWalletComponent;
import io.millrace.kernel.payment.OffChainPayee;
import io.millrace.kernel.store.MemoryObjectStore;
import io.millrace.kernel.payment.OnePrice;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.RecordingEvents;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An orchestrator whose clock stands still, and a gateway's calls to it. */
final class Rig {

    static final JobSpec SPEC =
            JobSpec.needing(Capabilities.of(Capability.H264, Capability.MPEGTS, Capability.AUTH_TOKEN));
    static final Bytes INPUT = Bytes.utf8("a segment that is longer than nothing");
    static final VideoProfile SMALL = VideoProfile.h264("small", 160, 90, 100_000, 30);
    static final VideoProfile LARGE = VideoProfile.h264("large", 320, 180, 200_000, 30);
    static final Duration SEGMENT = Duration.ofSeconds(2);
    static final Provider SOMEBODY = new Provider("org.example.mill 1.0.0", 0);

    private static final Leased.Limits NO_GAP = new Leased.Limits(Duration.ofSeconds(5), Duration.ZERO, 10);

    final ManualClock clock = new ManualClock();
    final RecordingEvents events = new RecordingEvents();
    final InMemoryBudget budget = new InMemoryBudget(1 << 20);
    final MemoryObjectStore store = new MemoryObjectStore(budget, clock);
    final Leased<Wallet> wallets = new Leased<>("wallet", clock, NO_GAP);
    final RecordingPayee payee = new RecordingPayee();
    final LocalOrchestrator orchestrator;
    OrchestratorSettings settings;
    Runnable onEvent = () -> {};
    Optional<URI> endpoint = Optional.of(URI.create("https://localhost:1"));

    Rig(OrchestratorSettings settings, Bytes secret, Leased.Limits limits) {
        this.settings = settings;
        NodeEvents listeners = event -> {
            events.happened(event);
            onEvent.run();
        };
        wallets.bind(new NoWalletComponent(), -1);
        orchestrator = new LocalOrchestrator(new LocalOrchestrator.Parts(
                () -> this.settings,
                () -> endpoint,
                secret,
                new Roster(new Leased<>("pipeline", clock, limits), listeners, clock),
                new Account(
                        () -> this.settings.onChain(),
                        new OffChainPayee(new OnePrice(() -> Price.ZERO)),
                        payee,
                        wallets,
                        listeners,
                        clock),
                store,
                budget,
                listeners,
                clock));
    }

    Rig(OrchestratorSettings settings) {
        this(settings, NodeSecret.fresh(), Leased.Limits.STANDARD);
    }

    Rig(Pipeline... pipelines) {
        this(OrchestratorSettings.STANDARD);
        for (Pipeline pipeline : pipelines) {
            orchestrator.add(pipeline, Rig.SOMEBODY);
        }
    }

    static OrchestratorSettings sessions(int max) {
        return settings(max, OrchestratorSettings.MAX_BODY_BYTES, false);
    }

    static OrchestratorSettings settings(int maxSessions, long maxBodyBytes, boolean onChain) {
        OrchestratorSettings all = OrchestratorSettings.STANDARD;
        return new OrchestratorSettings(
                all.version(),
                maxSessions,
                all.maxRequests(),
                all.queue(),
                all.sessionIdle(),
                all.retention(),
                all.jobFloor(),
                all.jobFactor(),
                all.requestTime(),
                maxBodyBytes,
                onChain,
                all.prices(),
                all.tickets(),
                all.redeems(),
                all.redeemer(),
                all.gas(),
                all.serviceUri());
    }

    Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(30), clock);
    }

    Quote quote() {
        return orchestrator.quote(SPEC, Caller.ANONYMOUS, deadline());
    }

    Offer offer() {
        return assertInstanceOf(Offer.class, quote());
    }

    AuthToken token() {
        return offer().token();
    }

    static Payload.Transcode segment(long sequence, VideoProfile... profiles) {
        return new Payload.Transcode(
                new ManifestId("movie"), sequence, SEGMENT, List.of(profiles), Optional.empty(), false);
    }

    static Job job(long sequence) {
        return new Job(SPEC, segment(sequence, SMALL, LARGE), Body.of(INPUT));
    }

    Submission submit(AuthToken token, Job job) {
        return orchestrator.submit(Optional.of(token), job, Payment.NONE, deadline());
    }

    Accepted accepted(AuthToken token, long sequence) {
        return assertInstanceOf(Accepted.class, submit(token, job(sequence)));
    }

    Refusal refused(AuthToken token, Job job) {
        return assertInstanceOf(Refusal.class, submit(token, job));
    }

    Completion await(Submission submission) {
        return assertInstanceOf(Accepted.class, submission).await(deadline());
    }

    Completion.Done done(Submission submission) {
        return assertInstanceOf(Completion.Done.class, await(submission));
    }

    Completion.Failed failed(Submission submission) {
        return assertInstanceOf(Completion.Failed.class, await(submission));
    }

    void pass(Duration time) {
        clock.advance(time);
        orchestrator.sweep();
    }
}
