package io.millrace.kernel.gateway;

import io.millrace.api.gateway.JobGate;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.network.Directory;
import io.millrace.api.network.Links;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Wallet;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Verifier;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.Role;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.payment.Currencies;
import io.millrace.kernel.event.Events;
import io.millrace.kernel.gateway.session.StaticDirectory;
import io.millrace.kernel.gateway.time.SystemTimers;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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
public final class GatewayComponent extends Gateway {

    private final Events events;
    private final SystemTimers timers;
    private final GatewayPorts ports;
    private final AtomicReference<GatewaySettings> settings;
    private Directory named;

    /** A gateway with these settings. */
    @Activate
    public GatewayComponent(
            GatewayConfiguration configuration,
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget,
            @Reference Currencies currencies) {
        InstantSource clock = InstantSource.system();
        Events listeners = new Events(clock);
        SystemTimers system = new SystemTimers(clock);
        AtomicReference<GatewaySettings> current = new AtomicReference<>(GatewaySettings.of(configuration));
        super(GatewayPorts.empty(budget, listeners, system, clock), currencies, current::get);
        events = listeners;
        timers = system;
        settings = current;
        ports = ports();
        named = StaticDirectory.of(List.of(configuration.orchestrators()));
        ports.directories().bind(named, 0);
        lookAround();
    }

    @Modified
    synchronized void changed(GatewayConfiguration configuration) {
        GatewaySettings next = GatewaySettings.of(configuration);
        Directory successor = StaticDirectory.of(List.of(configuration.orchestrators()));
        settings.set(next);
        ports.directories().bind(successor, 0);
        ports.directories().unbind(named);
        named = successor;
        lookAround();
    }

    @Deactivate
    void stop() {
        drain(Deadline.in(settings.get().finish(), InstantSource.system()));
        close();
        events.flush();
        timers.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLinks(Links instance, ServiceReference<Links> reference) {
        ports.links().bind(instance, ServiceProvider.of(reference));
        lookAround();
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
        lookAround();
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
        watch(instance);
        lookAround();
    }

    void unbindDirectory(Directory instance) {
        unwatch(instance);
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
}
