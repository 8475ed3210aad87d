package io.millrace.ops.status;

import io.millrace.api.node.Endpoint;
import io.millrace.api.node.NodeControl;
import io.millrace.api.resource.Budget;
import io.millrace.ops.Poller;
import io.millrace.ops.console.NodePage;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.HostRule;
import io.millrace.settings.Setting;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the state of the node when a socket opens or closes, and every {@link Poller#PERIOD}. */
@Component(
        service = NodeView.class,
        immediate = true,
        configurationPid = OpsSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OpsSettings.class)
public final class StatusComponent implements NodeView {

    private static final Logger console = LoggerFactory.getLogger("millrace");

    private final Map<Endpoint, Endpoint> endpoints = new IdentityHashMap<>();
    private final Set<NodeChecks> cautions = ConcurrentHashMap.newKeySet();
    private final AtomicReference<NodeControl> kernel = new AtomicReference<>();
    private final StatusBoard board;
    private final HostRule hosts;
    private final Poller.Task polling;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile Authority authority;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile NodePage door;

    @Reference(
            target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    private volatile Budget heap;

    @Reference(
            target = "(" + Budget.RESOURCE + "=" + Budget.NATIVE + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    private volatile Budget outside;

    @Activate
    public StatusComponent(OpsSettings settings, @Reference Poller poller) {
        board = new StatusBoard(
                new StatusBoard.Identity(
                        settings.role(),
                        settings.version(),
                        ProcessHandle.current().pid(),
                        settings.data(),
                        Setting.listed(settings.endpoints())),
                this::endpoints,
                this::control,
                new All(),
                this::console,
                this::budgets,
                new StatusFile(settings.directory()),
                InstantSource.system(),
                StatusComponent::millisSinceStart,
                console::info,
                console::warn);
        hosts = new HostRule(Setting.listed(settings.hostNames()), this::isOperator);
        polling = poller.start("the node", board::refresh);
    }

    @Deactivate
    void stop() {
        polling.close();
        board.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEndpoint(Endpoint endpoint) {
        synchronized (endpoints) {
            endpoints.put(endpoint, endpoint);
        }
        lookSoon();
    }

    void unbindEndpoint(Endpoint endpoint) {
        synchronized (endpoints) {
            endpoints.remove(endpoint);
        }
        lookSoon();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindKernel(NodeControl control) {
        kernel.set(control);
        lookSoon();
    }

    /** The framework binds a replacement before it takes the old one away: only that one goes. */
    void unbindKernel(NodeControl control) {
        kernel.compareAndSet(control, null);
        lookSoon();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCautions(NodeChecks one) {
        cautions.add(one);
    }

    void unbindCautions(NodeChecks one) {
        cautions.remove(one);
    }

    private final class All implements NodeChecks {

        @Override
        public List<String> cautions() {
            return cautions.stream().flatMap(one -> one.cautions().stream()).sorted().toList();
        }

        @Override
        public List<String> obstacles() {
            return cautions.stream().flatMap(one -> one.obstacles().stream()).sorted().toList();
        }
    }

    @Override
    public NodeStatus status() {
        return board.status();
    }

    @Override
    public Optional<NodeControl> control() {
        return Optional.ofNullable(kernel.get());
    }

    private Optional<URI> console(URI server) {
        NodePage known = door;
        return known == null ? Optional.empty() : known.console(server);
    }

    private List<Memory> budgets() {
        return Stream.concat(Memory.of(Budget.HEAP, heap), Memory.of(Budget.NATIVE, outside)).toList();
    }

    private boolean isOperator(String credentials) {
        Authority known = authority;
        return known != null && known.permits(credentials);
    }

    @Override
    public HostRule hosts() {
        return hosts;
    }

    private List<Endpoint> endpoints() {
        synchronized (endpoints) {
            return List.copyOf(endpoints.keySet());
        }
    }

    private void lookSoon() {
        polling.soon();
    }

    /** By the JVM: the system knows the start of a process only as exactly as that of the machine, to the second. */
    private static long millisSinceStart() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }
}
