package io.millrace.ops.status;

import io.millrace.api.node.Endpoint;
import io.millrace.api.node.NodeControl;
import io.millrace.ops.status.NodeStatus.Work;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the state of the node and reports what changed. {@link #refresh()} is called by one thread at a time. */
final class StatusBoard {

    private static final Logger log = LoggerFactory.getLogger(StatusBoard.class);

    /** A gap this short is a part being replaced, or the node being stopped: not worth a warning. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What only limits the node is told when it lasts: the first question to a peer takes its time. */
    static final Duration CAUTION = Duration.ofSeconds(10);

    record Identity(String role, String version, long pid, String data, List<String> expected) {}

    private final Identity identity;
    private final Supplier<Collection<Endpoint>> endpoints;
    private final Supplier<Optional<NodeControl>> control;
    private final NodeChecks others;
    private final Function<URI, Optional<URI>> console;
    private final Supplier<List<Memory>> budgets;
    private final StatusFile file;
    private final InstantSource clock;
    private final Supplier<Long> millisSinceStart;
    private final Consumer<String> say;
    private final Consumer<String> warn;

    private volatile NodeStatus status;
    private List<String> ofKernel = List.of();
    private boolean announced;
    private Instant readyAt = Instant.MIN;
    private Instant wellAt;
    private boolean cautioned;
    private boolean written;
    private boolean complained;

    StatusBoard(
            Identity identity,
            Supplier<Collection<Endpoint>> endpoints,
            Supplier<Optional<NodeControl>> control,
            NodeChecks others,
            Function<URI, Optional<URI>> console,
            Supplier<List<Memory>> budgets,
            StatusFile file,
            InstantSource clock,
            Supplier<Long> millisSinceStart,
            Consumer<String> say,
            Consumer<String> warn) {
        this.identity = identity;
        this.endpoints = endpoints;
        this.control = control;
        this.others = others;
        this.console = console;
        this.budgets = budgets;
        this.file = file;
        this.clock = clock;
        this.millisSinceStart = millisSinceStart;
        this.say = say;
        this.warn = warn;
        this.status = look();
        this.wellAt = clock.instant();
    }

    NodeStatus status() {
        return status;
    }

    void refresh() {
        NodeStatus now = look();
        boolean changed = !now.like(status);
        status = now;
        if (changed || !written) {
            write(now);
        }
        if (!now.ready() && changed) {
            log.info("not ready: {}", String.join("; ", now.obstacles()));
        }
        announce(now);
        caution();
    }

    /** What lasts is told once, and once more when it is over. Others than the kernel tell theirs themselves. */
    private void caution() {
        List<String> now = ofKernel;
        if (now.isEmpty()) {
            // One that is drained no longer looks for what it lacked.
            if (cautioned && !status.work().draining()) {
                say.accept(status.role() + " has all that it needs again");
            }
            cautioned = false;
            wellAt = clock.instant();
        } else if (!cautioned && Duration.between(wellAt, clock.instant()).compareTo(CAUTION) >= 0) {
            warn.accept(String.join("; ", now));
            cautioned = true;
        }
    }

    private void announce(NodeStatus now) {
        if (now.ready()) {
            readyAt = clock.instant();
            if (!announced) {
                say.accept(String.format(
                        "%s ready on %s (%d ms after start)", now.role(), where(now), millisSinceStart.get()));
            }
            announced = true;
        } else if (announced && !now.work().draining() && Duration.between(readyAt, clock.instant()).compareTo(PATIENCE) >= 0) {
            warn.accept(now.role() + " is no longer ready: " + String.join("; ", now.obstacles()));
            announced = false;
        }
    }

    void close() {
        file.delete();
    }

    private void write(NodeStatus now) {
        try {
            file.write(now.toJson());
            written = true;
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                warn.accept("cannot write " + file + ": " + e + "; commands that look for this node will not find it");
            }
            written = false;
            complained = true;
        }
    }

    private NodeStatus look() {
        SequencedMap<String, URI> addresses = addresses();
        List<String> obstacles = new ArrayList<>();
        for (String name : identity.expected()) {
            if (!addresses.containsKey(name)) {
                obstacles.add("the " + name + " port is not open");
            }
        }
        obstacles.addAll(kernelObstacles());
        obstacles.addAll(others.obstacles());
        return new NodeStatus(
                identity.role(),
                identity.version(),
                identity.pid(),
                identity.data(),
                addresses,
                List.copyOf(obstacles),
                cautions(),
                work(),
                Optional.ofNullable(addresses.get("admin")).flatMap(console),
                budgets.get());
    }

    private List<String> cautions() {
        ofKernel = kernel(NodeControl::cautions);
        return Stream.concat(ofKernel.stream(), others.cautions().stream()).toList();
    }

    private Work work() {
        try {
            return control.get()
                    .map(kernel -> new Work(
                            kernel.draining(),
                            kernel.streams().size(),
                            kernel.sessions().size(),
                            kernel.maxSessions()))
                    .orElseGet(this::withoutKernel);
        } catch (RuntimeException e) {
            log.warn("the kernel could not say what it does", e);
            return Work.NONE;
        }
    }

    private List<String> kernelObstacles() {
        return control.get().isEmpty() ? List.of("the kernel is not running") : kernel(NodeControl::obstacles);
    }

    private List<String> kernel(Function<NodeControl, List<String>> question) {
        try {
            return control.get().map(question).orElse(List.of());
        } catch (RuntimeException e) {
            log.warn("the kernel could not say how it is", e);
            return List.of("the kernel does not answer: " + e);
        }
    }

    /** A node that is drained stays so to its end, which takes the kernel away first. */
    private Work withoutKernel() {
        return status != null && status.work().draining() ? new Work(true, 0, 0, 0) : Work.NONE;
    }

    /** Expected ones first, in their order; then the others by name. */
    private SequencedMap<String, URI> addresses() {
        TreeMap<String, URI> open = new TreeMap<>();
        endpoints.get().forEach(endpoint -> open.put(endpoint.name(), endpoint.uri()));
        SequencedMap<String, URI> ordered = new LinkedHashMap<>();
        for (String name : identity.expected()) {
            if (open.containsKey(name)) {
                ordered.put(name, open.remove(name));
            }
        }
        ordered.putAll(open);
        return ordered;
    }

    private static String where(NodeStatus now) {
        return now.addresses().entrySet().stream()
                .map(entry -> entry.getKey().equals("admin") ? "page " + entry.getValue() : entry.getValue().toString())
                .collect(Collectors.joining(", "));
    }
}
