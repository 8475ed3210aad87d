package io.millrace.api.value;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a job needs or a node offers. {@code bits} holds capability <i>c</i> in bit <i>c</i> mod 64 of
 * word <i>c</i> div 64; the number of words is kept as it came, because it takes part in the subset
 * test of the network.
 *
 * @param bits words of the capability set
 * @param mandatories words of the set that a job must need to be accepted at all
 * @param capacities how many jobs at once, by capability
 * @param version the node's version; empty in a job
 * @param minVersion the lowest version of the other side; empty for any
 * @param models model constraints of a capability, by model name
 */
public record Capabilities(
        List<Long> bits,
        List<Long> mandatories,
        Map<Integer, Integer> capacities,
        String version,
        String minVersion,
        Map<Integer, Map<String, Model>> models) {

    /**
     * A model's constraint.
     *
     * @param warm loaded and ready
     * @param capacity jobs at once
     * @param runnerVersion version of the runner, empty for any
     * @param inUse jobs running now
     */
    public record Model(boolean warm, int capacity, String runnerVersion, int inUse) {}

    /** Nothing needed, nothing offered. */
    public static final Capabilities NONE = new Capabilities(List.of(), List.of(), Map.of(), "", "", Map.of());

    /** Copies; maps are ordered by key. */
    public Capabilities {
        bits = List.copyOf(bits);
        mandatories = List.copyOf(mandatories);
        capacities = Collections.unmodifiableMap(new TreeMap<>(capacities));
        Map<Integer, Map<String, Model>> sorted = new TreeMap<>();
        models.forEach((id, byName) -> sorted.put(id, Collections.unmodifiableMap(new TreeMap<>(byName))));
        models = Collections.unmodifiableMap(sorted);
    }

    /** A set of capability numbers and nothing else; negative numbers are left out. */
    public static Capabilities of(Collection<Integer> ids) {
        return NONE.withIds(ids);
    }

    /** A set of capability numbers and nothing else. */
    public static Capabilities of(Integer... ids) {
        return of(List.of(ids));
    }

    /** The same with these capability numbers instead. */
    public Capabilities withIds(Collection<Integer> ids) {
        BitSet set = new BitSet();
        ids.stream().filter(id -> id >= 0).forEach(set::set);
        List<Long> words = new ArrayList<>();
        for (long word : set.toLongArray()) {
            words.add(word);
        }
        return new Capabilities(words, mandatories, capacities, version, minVersion, models);
    }

    /** The same with {@code each} as the capacity of every capability in the set. */
    public Capabilities withCapacity(int each) {
        return new Capabilities(
                bits,
                mandatories,
                ids().stream().collect(Collectors.toMap(id -> id, id -> each)),
                version,
                minVersion,
                models);
    }

    /** The same from a node of this version. */
    public Capabilities withVersion(String newVersion) {
        return new Capabilities(bits, mandatories, capacities, newVersion, minVersion, models);
    }

    /** The same, asking the other side for at least this version. */
    public Capabilities withMinVersion(String newMinVersion) {
        return new Capabilities(bits, mandatories, capacities, version, newMinVersion, models);
    }

    /** The same with these model constraints. */
    public Capabilities withModels(Map<Integer, Map<String, Model>> newModels) {
        return new Capabilities(bits, mandatories, capacities, version, minVersion, newModels);
    }

    /** Both sets, capacities and models together; where both name one, {@code other} counts. */
    public Capabilities and(Capabilities other) {
        TreeSet<Integer> ids = new TreeSet<>(ids());
        ids.addAll(other.ids());
        Map<Integer, Integer> both = new TreeMap<>(capacities);
        both.putAll(other.capacities);
        Map<Integer, Map<String, Model>> allModels = new TreeMap<>();
        models.forEach((id, byName) -> allModels.put(id, new TreeMap<>(byName)));
        other.models.forEach(
                (id, byName) -> allModels.computeIfAbsent(id, x -> new TreeMap<>()).putAll(byName));
        return new Capabilities(List.of(), mandatories, both, version, minVersion, allModels).withIds(ids);
    }

    /** The capability numbers, ascending. */
    public List<Integer> ids() {
        List<Integer> ids = new ArrayList<>();
        BitSet.valueOf(bits.stream().mapToLong(Long::longValue).toArray()).stream().forEach(ids::add);
        return ids;
    }

    /** Whether capability {@code id} is in the set. */
    public boolean has(int id) {
        int word = id >> 6;
        return id >= 0 && word < bits.size() && (bits.get(word) >>> (id & 63) & 1) == 1;
    }

    /**
     * Whether a node that offers {@code offer} may be given a job that needs {@code this}: version,
     * mandatory bits, models, then the set itself, as the network decides it.
     */
    public boolean compatibleWith(Capabilities offer) {
        return Versions.satisfies(minVersion, offer.version)
                && subset(offer.mandatories, bits)
                && modelsIn(offer)
                && subset(bits, offer.bits);
    }

    private boolean modelsIn(Capabilities offer) {
        for (int id : ids()) {
            if (!offer.has(id)) {
                continue;
            }
            Map<String, Model> offered = offer.models.getOrDefault(id, Map.of());
            for (Map.Entry<String, Model> need : models.getOrDefault(id, Map.of()).entrySet()) {
                Model model = offered.get(need.getKey());
                if (model == null
                        || need.getValue().warm() && !model.warm()
                        || !Versions.satisfies(need.getValue().runnerVersion(), model.runnerVersion())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A longer left side is no subset even when its extra words are zero: the network's rule. */
    private static boolean subset(List<Long> left, List<Long> right) {
        if (left.size() > right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if ((left.get(i) & right.get(i)) != left.get(i)) {
                return false;
            }
        }
        return true;
    }
}
