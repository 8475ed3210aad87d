package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.lease.Unfit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The pipelines that are here, and for a moment what those could do that have just left: a pipeline
 * that is being replaced is still advertised, and its jobs wait for the one that follows.
 */
public final class Roster {

    /** How long a pipeline that left is still counted on. */
    static final Duration GAP = Leased.Limits.STANDARD.gap();

    /** How long a pipeline may think about what it can do: it answers from memory, as it ought to. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Pipelines that left and are remembered. */
    private static final int MAX_REMEMBERED = 16;

    private final Leased<Pipeline> pipelines;
    private final Foreign foreign;
    private final InstantSource clock;
    private final Deque<Departed> departed = new ArrayDeque<>();

    private record Departed(Capabilities capabilities, Instant at) {}

    /** Over those that are bound there. */
    public Roster(Leased<Pipeline> pipelines, NodeEvents events, InstantSource clock) {
        this.pipelines = pipelines;
        this.foreign = new Foreign("pipeline", events);
        this.clock = clock;
    }

    void add(Pipeline pipeline, Provider provider) {
        pipelines.bind(pipeline, provider);
    }

    /** How pipelines are called. */
    Foreign foreign() {
        return foreign;
    }

    /** Those whose calls hang, one line each. */
    List<String> cautions() {
        return pipelines.setAside().stream()
                .map(provider -> "the pipeline of " + provider.name() + " does not return from its calls and gets no"
                        + " more jobs; update or stop that bundle")
                .toList();
    }

    /** Takes a pipeline away; waits for its calls up to a limit. */
    void remove(Pipeline pipeline) {
        pipelines.take(pipeline).map(this::saidBy).ifPresent(this::remember);
        pipelines.unbind(pipeline);
    }

    private synchronized void remember(Capabilities capabilities) {
        if (departed.size() >= MAX_REMEMBERED) {
            departed.removeFirst();
        }
        departed.addLast(new Departed(capabilities, clock.instant()));
    }

    private synchronized List<Capabilities> remembered() {
        Instant since = clock.instant().minus(GAP);
        departed.removeIf(left -> !left.at.isAfter(since));
        return departed.stream().map(Departed::capabilities).toList();
    }

    /** What this orchestrator can do; empty when nobody is there who can do something. */
    Optional<Capabilities> capabilities(String version) {
        List<Capabilities> here = pipelines.takeAll(pipeline -> true).stream()
                .map(this::saidBy)
                .filter(said -> !said.equals(Capabilities.NONE))
                .toList();
        List<Capabilities> before = remembered();
        if (here.isEmpty() && before.isEmpty()) {
            return Optional.empty();
        }
        Capabilities all = Capabilities.of(Capability.AUTH_TOKEN)
                .withCapacity(1)
                .withVersion(version)
                // as every orchestrator of the network says it of itself; no gateway asks for it
                .withMinVersion(version);
        for (Capabilities each : before) {
            all = all.and(each);
        }
        for (Capabilities each : here) {
            all = all.and(each);
        }
        return Optional.of(all);
    }

    Optional<Lease<Pipeline>> takeNow(Predicate<Pipeline> suits) {
        return pipelines.takeNow(suits);
    }

    Lease<Pipeline> take(Predicate<Pipeline> suits, Deadline deadline) {
        return pipelines.take(suits, deadline);
    }

    /** A pipeline that cannot even say what it can do can do nothing; the others go on. */
    private Capabilities saidBy(Lease<Pipeline> lease) {
        try (lease) {
            return foreign.call(lease, LIMIT, pipeline -> Objects.requireNonNull(
                    pipeline.capabilities(), "it says nothing of its capabilities"));
        } catch (Unfit e) {
            return Capabilities.NONE;
        }
    }

    /** Who can do this job: the node's own capability is nobody's. */
    Predicate<Pipeline> suits(JobSpec spec, Payload payload) {
        return switch (payload) {
            case Payload.Transcode transcode -> suits(spec, Capability.H264, "");
            case Payload.Request request -> suits(spec, request.capability(), request.model());
        };
    }

    /** Who serves this capability and model. */
    Predicate<Pipeline> suits(JobSpec spec, int capability, String model) {
        Capabilities needs = spec.needs()
                .map(all -> all.withMinVersion("")
                        .withIds(all.ids().stream()
                                .filter(id -> id != Capability.AUTH_TOKEN)
                                .toList()))
                .filter(rest -> !rest.ids().isEmpty())
                .orElse(Capabilities.of(capability));
        return pipeline -> {
            Capabilities offer = pipelines.take(pipeline).map(this::saidBy).orElse(Capabilities.NONE);
            return needs.compatibleWith(offer) && serves(offer, capability, model);
        };
    }

    private static boolean serves(Capabilities offer, int capability, String model) {
        if (capability == Capability.H264) {
            return true;
        }
        Map<String, Capabilities.Model> models = offer.models().getOrDefault(capability, Map.of());
        return offer.has(capability) && (model.isEmpty() || models.isEmpty() || models.containsKey(model));
    }
}
