package io.millrace.ops.metrics;

import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Rational;
import io.millrace.ops.status.Memory;
import io.millrace.ops.status.NodeStatus;
import io.millrace.ops.status.NodeView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Writes one scrape: the counters, and gauges of the present state. */
final class Scrape {

    private final NodeView node;
    private final NodeMeters meters;
    private final IntSupplier streamLimit;
    private final Supplier<Map<String, Integer>> bundles;
    private final String nodeId;

    /**
     * Of this node.
     *
     * @param streamLimit how many streams a gateway takes; not asked on a node that is none
     * @param bundles how many there are in each of OSGi's states
     */
    Scrape(
            NodeView node,
            NodeMeters meters,
            IntSupplier streamLimit,
            Supplier<Map<String, Integer>> bundles,
            String nodeId) {
        this.node = node;
        this.meters = meters;
        this.streamLimit = streamLimit;
        this.bundles = bundles;
        this.nodeId = nodeId;
    }

    String text() {
        NodeStatus status = node.status();
        String type = nodeType(status.role());
        Exposition out = new Exposition(List.of(new Label("node_id", nodeId), new Label("node_type", type)));
        versions(out, nodeId, type, status.version());
        node.control().ifPresent(control -> sessions(out, control, limit(control, status.role())));
        node.control().ifPresent(control -> prices(out, control));
        meters.write(out);
        List<SpendLimit> limits = node.control().map(NodeControl::spendLimits).orElse(List.of());
        if (!limits.isEmpty()) {
            out.family("millrace_spend_limit_used_percent", "gauge", "How much of a limit of spending is used");
            limits.forEach(limit ->
                    out.sample("millrace_spend_limit_used_percent", limit.percent(), new Label("limit", limit.name())));
        }
        out.gauge("millrace_ready", "1 when nothing keeps the node from serving", status.ready() ? 1 : 0);
        budgets(out, "millrace_budget_bytes", "Memory that the work of others takes", status.budgets(), Memory::used);
        budgets(out, "millrace_budget_limit_bytes", "Memory that it may take", status.budgets(), Memory::limit);
        out.family("millrace_bundles", "gauge", "Bundles in each of OSGi's states");
        bundles.get().forEach((state, count) -> out.sample("millrace_bundles", count, new Label("state", state)));
        ProcessGauges.write(out);
        return out.toString();
    }

    private static void budgets(
            Exposition out, String name, String help, List<Memory> budgets, ToLongFunction<Memory> figure) {
        out.family(name, "gauge", help);
        budgets.forEach(budget ->
                out.sample(name, figure.applyAsLong(budget), new Label("resource", budget.resource())));
    }

    private static void versions(Exposition out, String nodeId, String type, String version) {
        List<Label> labels = List.of(
                new Label("node_id", nodeId),
                new Label("node_type", type),
                new Label("compiler", "javac"),
                new Label("goos", System.getProperty("os.name", "").toLowerCase(Locale.ROOT)),
                new Label("goversion", "java" + Runtime.version().feature()),
                new Label("livepeerversion", version));
        out.family("livepeer_versions", "gauge", "Versions used by this node.").sample("livepeer_versions", labels, 1);
    }

    /** Of what is counted as sessions: an orchestrator's, and on a gateway alone its streams. */
    private int limit(NodeControl control, String role) {
        return role.equals("gateway") ? streamLimit.getAsInt() : control.maxSessions();
    }

    private static void sessions(Exposition out, NodeControl control, int limit) {
        List<StreamStatus> streams = control.streams();
        List<SessionStatus> sessions = control.sessions();
        // Nodes of the network are one or the other; one that is both counts what it transcodes.
        int current = sessions.isEmpty() ? streams.size() : sessions.size();
        out.gauge("livepeer_current_sessions_total", "Number of currently transcoded streams", current);
        if (limit > 0) {
            out.gauge("livepeer_max_sessions_total", "MaxSessions", limit);
        }
        // Standalone transcoders, of which this node has none.
        out.gauge("livepeer_transcoders_number", "Number of transcoders currently connected to orchestrator", 0);
        out.gauge("livepeer_transcoders_capacity", "Total advertised capacity of transcoders", 0);
        out.gauge("livepeer_transcoders_load", "Total load of transcoders", 0);
        out.gauge(
                "millrace_segments_in_flight",
                "Segments of the gateway that wait or are worked on",
                streams.stream().mapToInt(StreamStatus::inFlight).sum());
        out.gauge(
                "millrace_jobs_queued",
                "Jobs that wait for their session's turn",
                sessions.stream().mapToInt(SessionStatus::queued).sum());
    }

    /** As that node has them: the last price that each gateway was quoted, and the most that a gateway pays. */
    private void prices(Exposition out, NodeControl control) {
        List<ConfiguredPrice> most = control.maxPrices();
        Map<String, Rational> quoted = meters.quoted();
        Optional<Rational> max = most.stream()
                .filter(price -> price.capability().isEmpty())
                .findFirst()
                .flatMap(ConfiguredPrice::perUnit);
        if (max.isPresent() || !quoted.isEmpty()) {
            out.family("livepeer_transcoding_price", "gauge", "Transcoding price per pixel");
            max.ifPresent(price -> out.sample("livepeer_transcoding_price", NodeMeters.number(price), new Label("sender", "max")));
            quoted.forEach((sender, price) ->
                    out.sample("livepeer_transcoding_price", NodeMeters.number(price), new Label("sender", sender)));
        }
        if (most.stream().anyMatch(price -> price.capability().isPresent())) {
            out.family("livepeer_price_per_capability", "gauge", "price per unit per capability");
        }
        for (ConfiguredPrice price : most) {
            if (price.capability().isPresent() && price.perUnit().isPresent()) {
                out.sample(
                        "livepeer_price_per_capability",
                        NodeMeters.number(price.perUnit().get()),
                        new Label("pipeline", Capability.pipeline(price.capability().getAsInt()).orElse("")),
                        new Label("model_name", price.model().isEmpty() ? "default" : price.model()));
            }
        }
    }

    private static String nodeType(String role) {
        return switch (role) {
            case "gateway" -> "bctr";
            case "orchestrator", "combined" -> "orch";
            case "transcoder" -> "trcr";
            case "redeemer" -> "rdmr";
            case "ai-worker" -> "aiwk";
            default -> "dflt";
        };
    }
}
