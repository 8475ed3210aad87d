package io.millrace.api.job;

import io.millrace.api.value.Capabilities;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a job needs, enough to ask for an offer and to reserve capacity. Immutable; two that need the same are
 * equal, so that jobs of the same need share what was found for it.
 */
public final class JobSpec {

    private static final JobSpec ANYTHING = new JobSpec(Optional.empty(), OptionalInt.empty(), "");

    private final Optional<Capabilities> needs;
    private final OptionalInt capability;
    private final String model;

    private JobSpec(Optional<Capabilities> needs, OptionalInt capability, String model) {
        this.needs = needs;
        this.capability = capability;
        this.model = Objects.requireNonNull(model);
    }

    /** Nothing in particular: asks an orchestrator for everything that it can say about itself. */
    public static JobSpec anything() {
        return ANYTHING;
    }

    /** A job that needs these, such as a segment. */
    public static JobSpec needing(Capabilities needs) {
        return new JobSpec(Optional.of(needs), OptionalInt.empty(), "");
    }

    /** The same for one capability and model: what prices, capacity and the pool of sessions are kept by. */
    public JobSpec forModel(int newCapability, String newModel) {
        return new JobSpec(needs, OptionalInt.of(newCapability), newModel);
    }

    /** The capabilities that an orchestrator must have; empty asks for everything that it can say about itself. */
    public Optional<Capabilities> needs() {
        return needs;
    }

    /** The number of the capability that is asked for; empty for transcoding, which needs several. */
    public OptionalInt capability() {
        return capability;
    }

    /** The name of the model; empty where there is none. */
    public String model() {
        return model;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JobSpec that
                && needs.equals(that.needs)
                && capability.equals(that.capability)
                && model.equals(that.model);
    }

    @Override
    public int hashCode() {
        return Objects.hash(needs, capability, model);
    }

    @Override
    public String toString() {
        return needs.map(Capabilities::toString).orElse("anything")
                + (capability.isPresent() ? " for capability " + capability.getAsInt() + " " + model : "");
    }
}
