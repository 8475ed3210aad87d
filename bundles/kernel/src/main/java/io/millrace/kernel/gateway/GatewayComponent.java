package io.millrace.kernel.gateway;

import io.millrace.api.gateway.JobGate;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.network.Directory;
import io.millrace.api.network.Links;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Wallet;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Verifier;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.Role;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.event.Events;
import io.millrace.kernel.gateway.session.StaticDirectory;
import io.millrace.kernel.gateway.time.SystemTimers;
import java.time.InstantSource;
import java.util.List;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The gateway as a component: what it works with comes and goes, its settings change while it runs. */
@Component(
        service = {StreamGate.class, JobGate.class, Role.class},
        configurationPid = "io.millrace.kernel.gateway",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GatewayConfiguration.class)
public final class GatewayComponent implements StreamGate, JobGate, Role {

    private final InstantSource clock = InstantSource.system();
    private final SystemTimers timers = new SystemTimers(clock);
    private final Events events = new Events(clock);
    private final GatewayPorts ports;
    private final Gateway gateway;
    private volatile GatewaySettings settings;
    private Directory named;

    /** A gateway with these settings. */
    @Activate
    public GatewayComponent(
            GatewayConfiguration configuration,
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget) {
        ports = GatewayPorts.empty(budget, events, timers, clock);
        settings = GatewaySettings.of(configuration);
        named = StaticDirectory.of(List.of(configuration.orchestrators()));
        ports.directories().bind(named, 0);
        gateway = new Gateway(ports, () -> settings);
        gateway.lookAround();
    }

    @Modified
    synchronized void changed(GatewayConfiguration configuration) {
        GatewaySettings next = GatewaySettings.of(configuration);
        Directory successor = StaticDirectory.of(List.of(configuration.orchestrators()));
        settings = next;
        ports.directories().bind(successor, 0);
        ports.directories().unbind(named);
        named = successor;
        gateway.lookAround();
    }

    @Deactivate
    void stop() {
        gateway.drain(Deadline.in(settings.finish(), clock));
        gateway.close();
        timers.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLinks(Links instance, ServiceReference<Links> reference) {
        ports.links().bind(instance, ServiceProvider.of(reference));
        gateway.lookAround();
    }

    void unbindLinks(Links instance) {
        ports.links().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindOrchestrator(Orchestrator instance, ServiceReference<Orchestrator> reference) {
        ports.local().bind(instance, ServiceProvider.of(reference));
        gateway.lookAround();
    }

    void unbindOrchestrator(Orchestrator instance) {
        ports.local().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDirectory(Directory instance, ServiceReference<Directory> reference) {
        ports.directories().bind(instance, ServiceProvider.of(reference));
        gateway.watch(instance);
        gateway.lookAround();
    }

    void unbindDirectory(Directory instance) {
        gateway.unwatch(instance);
        ports.directories().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPolicy(SelectionPolicy instance, ServiceReference<SelectionPolicy> reference) {
        ports.policies().bind(instance, ServiceProvider.of(reference));
    }

    void unbindPolicy(SelectionPolicy instance) {
        ports.policies().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindVerifier(Verifier instance, ServiceReference<Verifier> reference) {
        ports.verifiers().bind(instance, ServiceProvider.of(reference));
    }

    void unbindVerifier(Verifier instance) {
        ports.verifiers().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPublisher(Publisher instance, ServiceReference<Publisher> reference) {
        ports.publishers().bind(instance, ServiceProvider.of(reference));
    }

    void unbindPublisher(Publisher instance) {
        ports.publishers().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPayer(Payer instance, ServiceReference<Payer> reference) {
        ports.payers().bind(instance, ServiceProvider.of(reference));
    }

    void unbindPayer(Payer instance) {
        ports.payers().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindWallet(Wallet instance, ServiceReference<Wallet> reference) {
        ports.wallets().bind(instance, ServiceProvider.of(reference));
    }

    void unbindWallet(Wallet instance) {
        ports.wallets().unbind(instance);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEvents(NodeEvents listener, ServiceReference<NodeEvents> reference) {
        events.bind(listener, ServiceProvider.of(reference));
    }

    void unbindEvents(NodeEvents listener) {
        events.unbind(listener);
    }

    @Override
    public Opening open(StreamSpec spec) {
        return gateway.open(spec);
    }

    @Override
    public Completion request(Job job, Deadline deadline) {
        return gateway.request(job, deadline);
    }

    @Override
    public LiveOpening open(LiveSpec spec, Deadline deadline) {
        return gateway.open(spec, deadline);
    }

    @Override
    public Kind kind() {
        return gateway.kind();
    }

    @Override
    public List<String> obstacles() {
        return gateway.obstacles();
    }

    @Override
    public List<String> cautions() {
        return gateway.cautions();
    }

    @Override
    public List<StreamStatus> streams() {
        return gateway.streams();
    }

    @Override
    public boolean endStream(ManifestId manifest) {
        return gateway.endStream(manifest);
    }

    @Override
    public boolean draining() {
        return gateway.draining();
    }

    @Override
    public void shut() {
        gateway.shut();
    }

    @Override
    public boolean awaitIdle(Deadline deadline) {
        return gateway.awaitIdle(deadline);
    }

    @Override
    public boolean drain(Deadline deadline) {
        return gateway.drain(deadline);
    }
}
