package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Price;
import io.millrace.api.value.Registration;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Provider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pipelines that are here and what each has said of itself: asked when it comes and when it tells of a change.
 * What a pipeline could do that has left counts for a moment longer: while it is replaced, its work is still offered,
 * and the jobs wait for its successor. Thread-safe; pipelines are called without a lock.
 */
public final class Roster {

    /** How long a pipeline that left is still counted on. */
    static final Duration GAP = Leased.Limits.STANDARD.gap();

    /** How long a pipeline may take to say something of itself, which it does from memory. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Pipelines that left and are remembered. */
    private static final int MAX_REMEMBERED = 16;

    /** Times that a pipeline is asked in a row when it tells of a change each time. */
    private static final int MOST_ASKED = 10;

    private final Leased<Pipeline> pipelines;
    private final Foreign foreign;
    private final InstantSource clock;
    private final Map<Pipeline, Known> known = new IdentityHashMap<>();
    private final Deque<Departed> departed = new ArrayDeque<>();

    /** What one pipeline has said. {@code changes} counts its notices that were not looked into yet. */
    private static final class Known {
        final Provider provider;
        final AtomicInteger changes = new AtomicInteger();
        volatile Said said = Said.NOTHING;
        volatile Registration watch = () -> {};

        Known(Provider provider) {
            this.provider = provider;
        }
    }

    /** What it can do, and what is asked for that. */
    private record Said(Capabilities capabilities, Map<Integer, Map<String, Price>> prices) {

        static final Said NOTHING = new Said(Capabilities.NONE, Map.of());

        static Said of(Pipeline pipeline) {
            return new Said(
                    Objects.requireNonNull(pipeline.capabilities(), "it says nothing of its capabilities"),
                    Objects.requireNonNull(pipeline.prices(), "it says nothing of its prices"));
        }
    }

    private record Departed(Capabilities capabilities, Instant at) {}

    /** Over those that are bound there. */
    public Roster(Leased<Pipeline> pipelines, NodeEvents events, InstantSource clock) {
        this.pipelines = pipelines;
        this.foreign = new Foreign("pipeline", events);
        this.clock = clock;
    }

    /** Asks the pipeline what it can do before any job is given to it. */
    void add(Pipeline pipeline, Provider provider) {
        Known about = new Known(provider);
        synchronized (this) {
            known.put(pipeline, about);
        }
        try {
            about.watch = foreign.call(pipeline, provider, LIMIT, one -> Objects.requireNonNullElse(
                    one.watch(() -> changed(pipeline, about)), () -> {}));
        } catch (CallFailed e) {
            // reported; the pipeline is asked once and never again
        }
        changed(pipeline, about);
        pipelines.bind(pipeline, provider);
    }

    /** Asks again. Only one thread asks a pipeline at a time; a change that is told meanwhile makes it ask once more. */
    private void changed(Pipeline pipeline, Known about) {
        if (about.changes.getAndIncrement() > 0) {
            return;
        }
        for (int i = 0; i < MOST_ASKED; i++) {
            int seen = about.changes.get();
            about.said = ask(pipeline, about.provider);
            if (about.changes.compareAndSet(seen, 0)) {
                pipelines.lookAgain();
                return;
            }
        }
        about.changes.set(0);
        pipelines.lookAgain();
        foreign.report(about.provider, "it tells of a change each time it is asked what it can do", false);
    }

    /** A pipeline that cannot say what it can do can do nothing. */
    private Said ask(Pipeline pipeline, Provider provider) {
        try {
            return foreign.call(pipeline, provider, LIMIT, Said::of);
        } catch (CallFailed e) {
            return Said.NOTHING;
        }
    }

    /** What pipelines ask for, by capability and model; where two name one model, the lower price counts. */
    synchronized Map<Integer, Map<String, Price>> prices() {
        Map<Integer, Map<String, Price>> all = new TreeMap<>();
        known.values().forEach(about -> about.said.prices().forEach((capability, byModel) -> byModel.forEach((model, price) -> all
                .computeIfAbsent(capability, key -> new TreeMap<>())
                .merge(model, price, (one, other) -> one.perUnit().compareTo(other.perUnit()) <= 0 ? one : other))));
        return all;
    }

    /** Takes a pipeline away; waits for its calls up to a limit. */
    void remove(Pipeline pipeline) {
        Known about;
        synchronized (this) {
            about = known.remove(pipeline);
            if (about != null) {
                if (departed.size() >= MAX_REMEMBERED) {
                    departed.removeFirst();
                }
                departed.addLast(new Departed(about.said.capabilities(), clock.instant()));
            }
        }
        pipelines.unbind(pipeline);
        if (about != null) {
            foreign.tell(about.provider, LIMIT, about.watch::close);
        }
    }

    /** How pipelines are called. */
    Foreign foreign() {
        return foreign;
    }

    /** Pipelines and workers whose calls hang, one line each. */
    List<String> cautions() {
        List<String> lines = new ArrayList<>();
        pipelines.setAside().forEach(provider -> lines.add("the pipeline of " + provider.name()
                + " does not return from its calls and gets no more jobs; update or stop that bundle"));
        pipelines.workersSetAside().forEach((provider, workers) -> workers.forEach(worker -> lines.add("worker "
                + worker + " of the pipeline of " + provider.name()
                + " does not return from its calls and gets no more jobs; restart that worker")));
        return lines;
    }

    /** What this orchestrator can do; empty when no pipeline is here that can do something. */
    Optional<Capabilities> capabilities(String version) {
        List<Capabilities> all = new ArrayList<>();
        for (Lease<Pipeline> lease : pipelines.takeAll(pipeline -> true)) {
            try (lease) {
                all.add(said(lease.get()));
            }
        }
        // after those that are here: a pipeline that leaves meanwhile is found in one of the two
        all.addAll(0, remembered());
        all.removeIf(Capabilities.NONE::equals);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        // as go-livepeer: its own version as the lowest one of the other side too, which no gateway looks at
        Capabilities sum =
                Capabilities.of(Capability.AUTH_TOKEN).withCapacity(1).withVersion(version).withMinVersion(version);
        for (Capabilities each : all) {
            sum = sum.and(each);
        }
        return Optional.of(sum);
    }

    private synchronized List<Capabilities> remembered() {
        Instant since = clock.instant().minus(GAP);
        departed.removeIf(left -> !left.at.isAfter(since));
        return departed.stream().map(Departed::capabilities).toList();
    }

    private synchronized Capabilities said(Pipeline pipeline) {
        Known about = known.get(pipeline);
        return about == null ? Capabilities.NONE : about.said.capabilities();
    }

    /** A lease on this pipeline, when it is here and can do such a job. */
    Optional<Lease<Pipeline>> take(Pipeline pipeline, JobSpec spec) {
        return suits(pipeline, spec) ? pipelines.take(pipeline) : Optional.empty();
    }

    /** A lease on the best pipeline that can do such a job, besides those. Does not wait for one. */
    Optional<Lease<Pipeline>> takeNow(JobSpec spec, Set<Pipeline> besides) {
        return pipelines.takeNow(pipeline -> !besides.contains(pipeline) && suits(pipeline, spec));
    }

    /** Waits for a pipeline that can do such a job; whether one came in time. */
    boolean awaitSuited(JobSpec spec, Deadline deadline) {
        try {
            pipelines.take(pipeline -> suits(pipeline, spec), deadline).close();
            return true;
        } catch (Fault e) {
            return false;
        }
    }

    private boolean suits(Pipeline pipeline, JobSpec spec) {
        Capabilities said = said(pipeline);
        return needs(spec).compatibleWith(said) && serves(said, spec);
    }

    /** Without the capability and the version, which are the node's own and no pipeline's. */
    private static Capabilities needs(JobSpec spec) {
        return spec.needs()
                .map(all -> all.withMinVersion("")
                        .withIds(all.ids().stream()
                                .filter(id -> id != Capability.AUTH_TOKEN)
                                .toList()))
                .filter(rest -> !rest.ids().isEmpty())
                .orElseGet(() -> Capabilities.of(spec.capability().orElse(Capability.H264)));
    }

    private static boolean serves(Capabilities said, JobSpec spec) {
        int capability = spec.capability().orElse(Capability.H264);
        if (capability == Capability.H264) {
            return true;
        }
        Map<String, Capabilities.Model> models = said.models().getOrDefault(capability, Map.of());
        return said.has(capability)
                && (spec.model().isEmpty() || models.isEmpty() || models.containsKey(spec.model()));
    }
}
