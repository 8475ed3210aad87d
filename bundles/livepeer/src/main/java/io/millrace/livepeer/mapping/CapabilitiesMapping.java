package io.millrace.livepeer.mapping;

import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capabilities.Model;
import io.millrace.livepeer.wire.Capabilities.CapabilityConstraints;
import io.millrace.livepeer.wire.Capabilities.CapabilityConstraints.ModelConstraint;
import io.millrace.livepeer.wire.Capabilities.Constraints;
import java.util.Map;
import java.util.TreeMap;

/** Capability sets. The message names no capacities for a job and always carries its constraints. */
public final class CapabilitiesMapping {

    private CapabilitiesMapping() {}

    /** To the wire. */
    public static io.millrace.livepeer.wire.Capabilities toWire(Capabilities capabilities) {
        Constraints.Builder constraints = Constraints.newBuilder().setMinVersion(capabilities.minVersion());
        capabilities.models().forEach((id, models) -> constraints.putPerCapability(id, models(models)));
        return io.millrace.livepeer.wire.Capabilities.newBuilder()
                .addAllBitstring(capabilities.bits())
                .addAllMandatories(capabilities.mandatories())
                .putAllCapacities(capabilities.capacities())
                .setVersion(capabilities.version())
                .setConstraints(constraints)
                .build();
    }

    /** From the wire. Counts that no node has, above two thousand million, become that many. */
    public static Capabilities fromWire(io.millrace.livepeer.wire.Capabilities message) {
        Map<Integer, Integer> capacities = new TreeMap<>();
        message.getCapacitiesMap().forEach((id, capacity) -> capacities.put(id, count(capacity)));
        Map<Integer, Map<String, Model>> models = new TreeMap<>();
        message.getConstraints().getPerCapabilityMap().forEach((id, constraint) -> models.put(id, models(constraint)));
        return new Capabilities(
                message.getBitstringList(),
                message.getMandatoriesList(),
                capacities,
                message.getVersion(),
                message.getConstraints().getMinVersion(),
                models);
    }

    private static CapabilityConstraints models(Map<String, Model> models) {
        CapabilityConstraints.Builder constraints = CapabilityConstraints.newBuilder();
        models.forEach((name, model) -> constraints.putModels(
                name,
                ModelConstraint.newBuilder()
                        .setWarm(model.warm())
                        .setCapacity(model.capacity())
                        .setRunnerVersion(model.runnerVersion())
                        .setCapacityInUse(model.inUse())
                        .build()));
        return constraints.build();
    }

    private static Map<String, Model> models(CapabilityConstraints constraints) {
        Map<String, Model> models = new TreeMap<>();
        constraints.getModelsMap().forEach((name, model) -> models.put(
                name,
                new Model(
                        model.getWarm(),
                        count(model.getCapacity()),
                        model.getRunnerVersion(),
                        count(model.getCapacityInUse()))));
        return models;
    }

    private static int count(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
