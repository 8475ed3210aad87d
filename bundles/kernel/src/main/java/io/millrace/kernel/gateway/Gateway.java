package io.millrace.kernel.gateway;

import io.millrace.api.gateway.JobGate;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.Failure;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.Role;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.carry.Attempts;
import io.millrace.kernel.gateway.carry.Carriage;
import io.millrace.kernel.gateway.carry.Purse;
import io.millrace.kernel.gateway.find.Discovery;
import io.millrace.kernel.gateway.find.Listings;
import io.millrace.kernel.gateway.find.Policies;
import io.millrace.kernel.gateway.find.Reachability;
import io.millrace.kernel.gateway.find.SessionPool;
import io.millrace.kernel.gateway.reach.Peers;
import io.millrace.kernel.gateway.time.TimedCondition;
import io.millrace.kernel.lease.Foreign;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The doors into the node: which streams and jobs are let in, and which run. */
public final class Gateway implements StreamGate, JobGate, Role, AutoCloseable {

    private static final String CLOSED = "the gateway finishes what it has and takes nothing new";

    private final Surroundings around;
    private final Supplier<GatewaySettings> settings;
    private final StreamParts parts;
    private final JobDesk desk;
    private final Reachability reachability;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ManifestId, RunningStream> streams = new LinkedHashMap<>();
    private final Set<RunningStream> evicted = new HashSet<>();
    private final TimedCondition changed;

    /** Takes nothing new. */
    private volatile boolean shut;

    /** Ends what it has, too. */
    private volatile boolean draining;

    /** A gateway without streams, whose settings may change while it runs. */
    public Gateway(Surroundings around, Supplier<GatewaySettings> settings) {
        this.around = around;
        this.settings = settings;
        changed = new TimedCondition(lock, around.timers(), around.clock());
        Peers peers = new Peers(around.links(), around.local());
        Discovery discovery = new Discovery(
                new Listings(around.directories(), new Foreign("directory", around.events())),
                peers,
                around.timers(),
                around.clock(),
                () -> settings.get().discoveryTimeout());
        reachability = new Reachability(discovery, around.timers(), around.clock());
        SessionPool.Parts pool = new SessionPool.Parts(
                discovery,
                peers,
                new Policies(around.policies(), new Foreign("selection policy", around.events())),
                around.events(),
                around.timers(),
                around.clock());
        Carriage carriage = new Carriage(peers, new Purse(around.payers()), around.clock());
        Judges judges = new Judges(around.verifiers(), new Foreign("verifier", around.events()));
        Attempts attempts = new Attempts(around.events(), around.clock());
        parts = new StreamParts(
                pool,
                new SegmentTranscoder(carriage, attempts, judges, settings, around.clock()),
                around.publishers(),
                new Foreign("publisher", around.events()),
                around.events(),
                settings,
                new QueueRoom(() -> settings.get().queueBytes()),
                around.timers(),
                around.clock());
        desk = new JobDesk(pool, carriage, attempts, settings);
    }

    // -- streams

    @Override
    public Opening open(StreamSpec spec) {
        while (true) {
            RunningStream outdated;
            lock.lock();
            try {
                RunningStream running = streams.get(spec.manifest());
                if (draining || shut && running == null) {
                    return new Opening.Denied(Reason.DRAINING, CLOSED);
                }
                if (running == null) {
                    return openNew(spec);
                }
                Optional<Stream> resumed = running.resume(spec);
                if (resumed.isPresent()) {
                    return new Opening.Opened(resumed.get());
                }
                if (running.left().isEmpty()) {
                    return new Opening.Denied(Reason.DUPLICATE, "a stream named " + spec.manifest() + " is running");
                }
                outdated = running;
            } finally {
                lock.unlock();
            }
            // its publisher came back for other renditions: that is another stream of the same name
            outdated.end(settings.get().finish());
        }
    }

    private Opening openNew(StreamSpec spec) {
        int most = settings.get().maxSessions();
        int counted = streams.size() - evicted.size();
        if (counted >= most && !endLongestLeft()) {
            return new Opening.Denied(
                    Reason.CAPPED, counted + " streams are running, as many as maxSessions allows");
        }
        RunningStream stream = new RunningStream(spec, parts, this::gone);
        streams.put(spec.manifest(), stream);
        return new Opening.Opened(stream.stream());
    }

    /** A stream whose publisher left makes room for one that has a publisher. */
    private boolean endLongestLeft() {
        Optional<RunningStream> longest = streams.values().stream()
                .filter(stream -> stream.left().isPresent() && !evicted.contains(stream))
                .min(Comparator.comparing(stream -> stream.left().orElse(Instant.MAX)));
        longest.ifPresent(stream -> {
            evicted.add(stream);
            Threads.virtual()
                    .name("end " + stream.spec().manifest())
                    .start(() -> stream.end(settings.get().finish()));
        });
        return longest.isPresent();
    }

    private void gone(RunningStream stream) {
        lock.lock();
        try {
            streams.remove(stream.spec().manifest(), stream);
            evicted.remove(stream);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private List<RunningStream> running() {
        lock.lock();
        try {
            return List.copyOf(streams.values());
        } finally {
            lock.unlock();
        }
    }

    // -- jobs

    @Override
    public Completion request(Job job, Deadline deadline) {
        return shut
                ? new Completion.Failed(new Failure(Failure.Kind.BUSY, CLOSED), Optional.empty())
                : desk.request(job, deadline);
    }

    @Override
    public LiveOpening open(LiveSpec spec, Deadline deadline) {
        return shut ? new Refusal(Refusal.Reason.DRAINING, CLOSED) : desk.open(spec, deadline);
    }

    // -- the operator

    @Override
    public Kind kind() {
        return Kind.GATEWAY;
    }

    @Override
    public List<String> obstacles() {
        return shut ? List.of(CLOSED) : List.of();
    }

    @Override
    public List<String> cautions() {
        if (draining) {
            return List.of();
        }
        List<String> cautions = new ArrayList<>(reachability.cautions());
        cautions.addAll(around.hanging());
        return cautions;
    }

    @Override
    public List<StreamStatus> streams() {
        return running().stream().map(RunningStream::status).toList();
    }

    @Override
    public boolean endStream(ManifestId manifest) {
        RunningStream stream;
        lock.lock();
        try {
            stream = streams.get(manifest);
        } finally {
            lock.unlock();
        }
        if (stream == null) {
            return false;
        }
        stream.end(settings.get().finish());
        return true;
    }

    @Override
    public boolean draining() {
        return shut;
    }

    /** A publisher that lost its connection may still come back to its stream. */
    @Override
    public void shut() {
        shut = true;
    }

    @Override
    public boolean awaitIdle(Deadline deadline) {
        return changed.await(streams::isEmpty, deadline) && desk.drain(deadline);
    }

    @Override
    public boolean drain(Deadline deadline) {
        shut = true;
        draining = true;
        Duration limit = deadline.remaining(parts.clock());
        AtomicBoolean all = new AtomicBoolean(true);
        List<Thread> ends = new ArrayList<>();
        for (RunningStream stream : running()) {
            ends.add(Threads.virtual().name("end " + stream.spec().manifest()).start(() -> {
                if (!stream.end(limit)) {
                    all.set(false);
                }
            }));
        }
        try {
            for (Thread end : ends) {
                end.join();
            }
            return desk.drain(deadline) && all.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Orchestrators, or the way to them, may be new: whoever lacks one looks again now. */
    public void lookAround() {
        if (draining) {
            return;
        }
        reachability.begin();
        running().forEach(RunningStream::lookAround);
    }

    /** Stops watching the network; streams must have been drained. */
    @Override
    public void close() {
        shut = true;
        draining = true;
        reachability.close();
    }
}
