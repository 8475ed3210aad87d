package io.millrace.ops;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeControl;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.ops.status.Memory;
import io.millrace.ops.status.NodeStatus;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.HostRule;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node that is whatever a test says. */
public class FakeNode implements NodeView, NodeControl {

    public volatile List<StreamStatus> streams = List.of();
    public volatile List<SessionStatus> sessions = List.of();
    public volatile List<String> obstacles = List.of();
    public volatile List<String> cautions = List.of();
    public volatile List<Memory> budgets = List.of();
    public volatile List<ConfiguredPrice> prices = List.of();
    public volatile List<ConfiguredPrice> maxPrices = List.of();
    public volatile Optional<PriceQuote> quote = Optional.empty();
    public volatile List<SpendLimit> limits = List.of();
    public volatile int maxSessions;
    public volatile String role = "gateway";
    public volatile boolean kernel = true;
    public volatile boolean draining;
    public volatile boolean endsInTime = true;

    /** The limits that it was drained with, of letting it end and of ending it. */
    public final List<Deadline> letEnd = new CopyOnWriteArrayList<>();

    public final List<Deadline> drained = new CopyOnWriteArrayList<>();
    public final SequencedMap<String, URI> addresses = new LinkedHashMap<>();

    @Override
    public NodeStatus status() {
        return new NodeStatus(
                role,
                "0.1.0",
                42,
                "data",
                new LinkedHashMap<>(addresses),
                obstacles,
                cautions,
                new NodeStatus.Work(draining, streams.size(), sessions.size(), maxSessions),
                Optional.empty(),
                budgets);
    }

    @Override
    public Optional<NodeControl> control() {
        return kernel ? Optional.of(this) : Optional.empty();
    }

    @Override
    public HostRule hosts() {
        return new HostRule(List.of("gateway.example"));
    }

    @Override
    public List<StreamStatus> streams() {
        return streams;
    }

    @Override
    public List<SessionStatus> sessions() {
        return sessions;
    }

    @Override
    public List<ConfiguredPrice> prices() {
        return prices;
    }

    @Override
    public List<ConfiguredPrice> maxPrices() {
        return maxPrices;
    }

    @Override
    public Optional<PriceQuote> quote(Address gateway, JobSpec job, Deadline deadline) {
        return quote;
    }

    @Override
    public int maxSessions() {
        return maxSessions;
    }

    @Override
    public List<String> obstacles() {
        return obstacles;
    }

    @Override
    public List<String> cautions() {
        return cautions;
    }

    @Override
    public List<SpendLimit> spendLimits() {
        return limits;
    }

    @Override
    public boolean endStream(ManifestId manifest) {
        List<StreamStatus> left =
                streams.stream().filter(stream -> !stream.manifest().equals(manifest)).toList();
        boolean found = left.size() < streams.size();
        streams = left;
        return found;
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public boolean letEnd(Deadline deadline) {
        draining = true;
        letEnd.add(deadline);
        return endsInTime;
    }

    @Override
    public boolean drain(Deadline deadline) {
        draining = true;
        return drained.add(deadline);
    }
}
