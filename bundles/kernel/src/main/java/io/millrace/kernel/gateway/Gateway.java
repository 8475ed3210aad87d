package io.millrace.kernel.gateway;

import io.millrace.api.gateway.JobGate;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.Failure;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.network.Directory;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.Role;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.session.Discovery;
import io.millrace.kernel.gateway.session.Listings;
import io.millrace.kernel.gateway.session.Peers;
import io.millrace.kernel.gateway.session.Policies;
import io.millrace.kernel.gateway.session.Reachability;
import io.millrace.kernel.gateway.session.SessionPool;
import io.millrace.kernel.gateway.time.TimedCondition;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.payment.Currencies;
import io.millrace.kernel.payment.MaxPrices;
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
import java.util.function.Supplier;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The doors into the node: which streams and requests are let in, and which run. Thread-safe; its lock guards the list
 * of streams and is held for no call.
 */
public class Gateway implements StreamGate, JobGate, Role, AutoCloseable {

    private static final String CLOSED = "the gateway finishes what it has and takes nothing new";

    private final GatewayPorts ports;
    private final MaxPrices maxPrices;
    private final Supplier<GatewaySettings> settings;
    private final SessionPool.Shared shared;
    private final Payments payments;
    private final Attempts attempts;
    private final Verifiers verifiers;
    private final Foreign publisherCalls;
    private final Requests requests;
    private final Reachability reachability;
    private final Object lock = new Object();
    private final Map<ManifestId, RunningStream> streams = new LinkedHashMap<>();

    /** Streams that end to make room; they are not counted any more. */
    private final Set<RunningStream> evicted = new HashSet<>();

    private final TimedCondition changed;

    /** Takes nothing new. */
    private volatile boolean shut;

    /** Ends what it has, too. */
    private volatile boolean draining;

    /** A gateway without streams, whose settings may change while it runs. */
    public Gateway(GatewayPorts ports, Currencies currencies, Supplier<GatewaySettings> settings) {
        this.ports = ports;
        maxPrices = new MaxPrices(() -> settings.get().maxPrices(), currencies);
        this.settings = settings;
        changed = new TimedCondition(lock, ports.timers(), ports.clock());
        Peers peers = new Peers(ports.links(), ports.local(), ports.clock());
        Listings listings = new Listings(ports.directories(), new Foreign("directory", ports.events()));
        Discovery discovery = new Discovery(
                peers, ports::account, maxPrices::most, ports.timers(), ports.clock());
        reachability = new Reachability(discovery, listings, ports.timers(), ports.clock());
        shared = new SessionPool.Shared(
                discovery,
                listings,
                peers,
                new Policies(ports.policies(), new Foreign("selection policy", ports.events())),
                () -> settings.get().discoveryTimeout(),
                ports.events(),
                ports.timers(),
                ports.clock());
        payments = new Payments(ports.payers(), () -> settings.get().onChain());
        attempts = new Attempts(
                payments,
                maxPrices::most,
                ports.events(),
                ports.clock());
        verifiers = new Verifiers(ports, () -> settings.get().onChain());
        publisherCalls = new Foreign("publisher", ports.events());
        requests = new Requests(ports, settings, shared, attempts);
    }

    // -- what streams and requests share

    GatewayPorts ports() {
        return ports;
    }

    /** Its limits now; they may change while it runs. */
    GatewaySettings settings() {
        return settings.get();
    }

    SessionPool.Shared shared() {
        return shared;
    }

    Attempts attempts() {
        return attempts;
    }

    Verifiers verifiers() {
        return verifiers;
    }

    Foreign publisherCalls() {
        return publisherCalls;
    }

    // -- streams

    @Override
    public Opening open(StreamSpec spec) {
        while (true) {
            Optional<RunningStream> began = Optional.empty();
            Optional<RunningStream> makesRoom = Optional.empty();
            Optional<Stream> resumed = Optional.empty();
            RunningStream running;
            synchronized (lock) {
                running = streams.get(spec.manifest());
                if (draining || shut && running == null) {
                    return new Opening.Denied(Reason.DRAINING, CLOSED);
                }
                if (running != null) {
                    resumed = running.resume(spec);
                    if (resumed.isEmpty() && running.left().isEmpty()) {
                        return new Opening.Denied(
                                Reason.DUPLICATE, "a stream named " + spec.manifest() + " is running");
                    }
                } else {
                    int most = settings().maxSessions();
                    int counted = streams.size() - evicted.size();
                    if (counted >= most) {
                        makesRoom = longestLeft();
                        if (makesRoom.isEmpty()) {
                            return new Opening.Denied(
                                    Reason.CAPPED, counted + " streams are running, as many as maxSessions allows");
                        }
                        evicted.add(makesRoom.get());
                    }
                    began = Optional.of(new RunningStream(spec, this, this::gone));
                    streams.put(spec.manifest(), began.get());
                }
            }
            makesRoom.ifPresent(this::endInBackground);
            if (began.isPresent()) {
                began.get().tellStarted(false);
                return new Opening.Opened(began.get().stream());
            }
            if (resumed.isPresent()) {
                running.tellStarted(true);
                return new Opening.Opened(resumed.get());
            }
            // its publisher came back for other renditions: that is another stream of the same name
            running.end(settings().finish());
        }
    }

    /** The stream whose publisher left first: it makes room for one that has a publisher. */
    private Optional<RunningStream> longestLeft() {
        return streams.values().stream()
                .filter(stream -> stream.left().isPresent() && !evicted.contains(stream))
                .min(Comparator.comparing(stream -> stream.left().orElse(Instant.MAX)));
    }

    private void endInBackground(RunningStream stream) {
        Threads.virtual()
                .name("end " + stream.spec().manifest())
                .start(() -> stream.end(settings().finish()));
    }

    private void gone(RunningStream stream) {
        synchronized (lock) {
            streams.remove(stream.spec().manifest(), stream);
            evicted.remove(stream);
            changed.signal();
        }
    }

    private List<RunningStream> running() {
        synchronized (lock) {
            return List.copyOf(streams.values());
        }
    }

    // -- jobs

    @Override
    public Completion request(Job job, Deadline deadline) {
        return shut
                ? new Completion.Failed(new Failure(Failure.Kind.BUSY, CLOSED), Optional.empty())
                : requests.request(job, deadline);
    }

    @Override
    public LiveOpening open(LiveSpec spec, Deadline deadline) {
        return shut ? new Refusal(Refusal.Reason.DRAINING, CLOSED) : requests.open(spec, deadline);
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
        List<String> cautions = new ArrayList<>(payments.obstacle().stream().toList());
        cautions.addAll(maxPrices.cautions());
        cautions.addAll(Role.near(spendLimits()));
        cautions.addAll(reachability.cautions());
        cautions.addAll(ports.hanging());
        return cautions;
    }

    @Override
    public List<ConfiguredPrice> maxPrices() {
        return maxPrices.configured();
    }

    @Override
    public List<SpendLimit> spendLimits() {
        return payments.limits();
    }

    @Override
    public List<StreamStatus> streams() {
        return running().stream().map(RunningStream::status).toList();
    }

    @Override
    public boolean endStream(ManifestId manifest) {
        RunningStream stream;
        synchronized (lock) {
            stream = streams.get(manifest);
        }
        if (stream == null) {
            return false;
        }
        stream.end(settings().finish());
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
        return changed.await(streams::isEmpty, deadline) && requests.awaitNone(deadline);
    }

    @Override
    public boolean drain(Deadline deadline) {
        shut = true;
        draining = true;
        Duration limit = deadline.remaining(ports.clock());
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
            return requests.awaitNone(deadline) && all.get();
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
        reachability.lookAround();
        running().forEach(RunningStream::lookAround);
        requests.lookAround();
    }

    /** A directory came: it tells when somebody is new. */
    void watch(Directory directory) {
        shared.listings().watch(directory, this::lookAround);
    }

    /** A directory leaves. */
    void unwatch(Directory directory) {
        shared.listings().unwatch(directory);
    }

    /** Stops watching the network; streams must have been drained. */
    @Override
    public void close() {
        shut = true;
        draining = true;
        requests.close();
        reachability.close();
    }
}
