package io.millrace.kernel.gateway;

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
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Answers as it is told, call by call; when the script is over it does every job by copying its input. */
public final class ScriptedOrchestrator implements Orchestrator {

    /** Everything that the network knows today. */
    static final Capabilities ALL =
            Capabilities.of(IntStream.range(0, 38).boxed().toList()).withVersion("0.9.1");

    private final URI address;
    private final InstantSource clock;
    private final ConcurrentLinkedQueue<Function<Job, Submission>> script = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final Semaphore working = new Semaphore(Integer.MAX_VALUE);
    final BlockingQueue<Payload> arrivals = new LinkedBlockingQueue<>();
    final List<AuthToken> submittedUnder = new CopyOnWriteArrayList<>();
    final List<Payload.Transcode> jobs = new CopyOnWriteArrayList<>();
    final List<JobSpec> needed = new CopyOnWriteArrayList<>();
    final List<JobSpec> quoted = new CopyOnWriteArrayList<>();
    final BlockingQueue<AuthToken> ended = new LinkedBlockingQueue<>();
    volatile Duration tokenLife = Duration.ofMinutes(30);
    volatile Capabilities capabilities = ALL;
    volatile Supplier<Optional<Refusal>> quoteRefusal = Optional::empty;
    volatile Runnable quoteDelay = () -> {};

    ScriptedOrchestrator(URI address, InstantSource clock) {
        this.address = address;
        this.clock = clock;
    }

    // -- the script

    ScriptedOrchestrator refuses(Refusal.Reason reason, String message) {
        script.add(job -> new Refusal(reason, message));
        return this;
    }

    ScriptedOrchestrator fails(Failure.Kind kind, String message) {
        script.add(job -> accepted(new Completion.Failed(new Failure(kind, message), Optional.empty())));
        return this;
    }

    ScriptedOrchestrator isNotReached(String message) {
        script.add(job -> new Submission.NotSent(message));
        return this;
    }

    ScriptedOrchestrator breaksOff(Fault.Consequence consequence, String message) {
        script.add(job -> {
            throw new Fault(consequence, message);
        });
        return this;
    }

    ScriptedOrchestrator answers(Function<Job, Completion> completion) {
        script.add(job -> accepted(completion.apply(job)));
        return this;
    }

    /** From now on accepted work waits for {@link #release}. */
    void hold() {
        working.drainPermits();
    }

    void release(int jobs) {
        working.release(jobs);
    }

    Payload.Transcode awaitArrival() throws InterruptedException {
        return (Payload.Transcode) awaitJob();
    }

    Payload awaitJob() throws InterruptedException {
        Payload arrived = arrivals.poll(30, TimeUnit.SECONDS);
        if (arrived == null) {
            throw new AssertionError("no job came to " + address);
        }
        return arrived;
    }

    AuthToken awaitEnd() throws InterruptedException {
        AuthToken token = ended.poll(30, TimeUnit.SECONDS);
        if (token == null) {
            throw new AssertionError("no session was ended at " + address);
        }
        return token;
    }

    // -- the port

    Offer offer() {
        String session = address.getHost() + "-" + sessions.incrementAndGet();
        AuthToken token = new AuthToken(
                Bytes.utf8("token of " + session), new SessionId(session), clock.instant().plus(tokenLife));
        return Offer.at(address, token).capabilities(capabilities).build();
    }

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        quoted.add(spec);
        quoteDelay.run();
        Optional<Refusal> refusal = quoteRefusal.get();
        return refusal.isPresent() ? refusal.get() : offer();
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        submittedUnder.add(token.orElseThrow());
        needed.add(job.spec());
        if (job.payload() instanceof Payload.Transcode transcode) {
            jobs.add(transcode);
        }
        Function<Job, Submission> step = script.poll();
        arrivals.add(job.payload());
        return step == null ? accepted(copies(job)) : step.apply(job);
    }

    @Override
    public LiveOpening open(Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline) {
        return new Refusal(Refusal.Reason.UNAVAILABLE, "no live sessions here");
    }

    @Override
    public LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline) {
        return new Refusal(Refusal.Reason.UNAVAILABLE, "no live sessions here");
    }

    @Override
    public Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
        return offer();
    }

    @Override
    public Optional<Refusal> end(AuthToken token, Deadline deadline) {
        ended.add(token);
        return Optional.empty();
    }

    static Completion.Done copies(Job job) {
        Bytes input = ((Body.Read.Received) job.body().read(Long.MAX_VALUE)).bytes();
        List<Output> outputs = new ArrayList<>();
        if (job.payload() instanceof Payload.Transcode transcode) {
            transcode.profiles().forEach(profile -> outputs.add(output(profile.name(), () -> input)));
        } else {
            outputs.add(output("answer", () -> input));
        }
        return Completion.Done.of(outputs);
    }

    static Output output(String name, Supplier<Bytes> data) {
        return new Output() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String location() {
                return "/stream/" + name;
            }

            @Override
            public long units() {
                return 1000;
            }

            @Override
            public Bytes fetch(Deadline deadline) {
                return data.get();
            }
        };
    }

    private Accepted accepted(Completion completion) {
        return new Accepted() {
            @Override
            public Completion await(Deadline deadline) {
                try {
                    working.acquire();
                    return completion;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return new Completion.Failed(
                            new Failure(Failure.Kind.CANCELLED, "interrupted"), Optional.empty());
                }
            }

            @Override
            public void close() {
                // nothing to give up
            }
        };
    }
}
