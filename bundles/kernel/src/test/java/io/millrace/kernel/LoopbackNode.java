package io.millrace.kernel;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.gateway.JobGate;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.network.Directory;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.payment.Wallet;
import io.millrace.api.publish.Publisher;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Price;
import io.millrace.kernel.gateway.Gateway;
import io.millrace.kernel.gateway.GatewayPorts;
import io.millrace.kernel.gateway.GatewaySettings;
import io.millrace.kernel.gateway.time.SystemTimers;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.orchestrator.Account;
import io.millrace.kernel.orchestrator.LocalOrchestrator;
import io.millrace.kernel.orchestrator.OrchestratorSettings;
import io.millrace.kernel.orchestrator.Roster;
import io.millrace.kernel.payment.MaxPrices;
import io.millrace.kernel.payment.MoneyRig;
import io.millrace.kernel.payment.OffChainPayee;
import io.millrace.kernel.payment.OnePrice;
import io.millrace.kernel.payment.Payee;
import io.millrace.kernel.store.MemoryObjectStore;
import io.millrace.testkit.FlowNode;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.LoopbackLinks;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Both roles in one process, with no socket in between. */
final class LoopbackNode implements FlowNode {

    private static final URI ADDRESS = URI.create("https://orchestrator:8935");
    private static final InstantSource CLOCK = InstantSource.system();

    private final SystemTimers timers = new SystemTimers(CLOCK);
    private final LocalOrchestrator orchestrator;
    private final Gateway gateway;

    /** Nobody pays. */
    LoopbackNode(List<Pipeline> pipelines, Publisher publisher, NodeEvents events) {
        this(pipelines, publisher, events, Optional.empty());
    }

    /** The gateway pays the orchestrator, both on-chain; or nobody pays. */
    LoopbackNode(List<Pipeline> pipelines, Publisher publisher, NodeEvents events, Optional<MoneyRig> money) {
        this(pipelines, publisher, events, money, MaxPrices.Configured.ANY);
    }

    /** The same where the gateway pays no more than this. */
    LoopbackNode(
            List<Pipeline> pipelines,
            Publisher publisher,
            NodeEvents events,
            Optional<MoneyRig> money,
            MaxPrices.Configured maxPrices) {
        Payee offChain = new OffChainPayee(new OnePrice(() -> Price.ZERO));
        Payee payee = money.<Payee>map(MoneyRig::payee).orElse(offChain);
        Leased<Wallet> wallets = money.map(rig -> rig.orchestrator.wallets).orElseGet(() -> new Leased<>("wallet", CLOCK));
        Budget budget = InMemoryBudget.ample();
        orchestrator = new LocalOrchestrator(new LocalOrchestrator.Parts(
                () -> OrchestratorSettings.STANDARD,
                () -> Optional.of(ADDRESS),
                Bytes.wrap(new byte[32]),
                new Roster(new Leased<>("pipeline", CLOCK), events, CLOCK),
                new Account(
                        money::isPresent,
                        offChain,
                        payee,
                        wallets,
                        events,
                        CLOCK),
                new MemoryObjectStore(budget, CLOCK),
                budget,
                events,
                CLOCK));
        pipelines.forEach(pipeline -> orchestrator.add(pipeline, new Provider("test", 0)));
        GatewayPorts ports = GatewayPorts.empty(InMemoryBudget.ample(), events, timers, CLOCK);
        ports.links().bind(new LoopbackLinks().with(ADDRESS, orchestrator), 0);
        ports.directories().bind(() -> List.of(Directory.Listing.at(ADDRESS).trust(1).configured(true).build()), 0);
        ports.publishers().bind(publisher, 0);
        money.ifPresent(rig -> {
            ports.wallets().bind(rig.gateway.wallet, 0);
            ports.payers().bind(rig.payer(), 0);
        });
        GatewaySettings all = GatewaySettings.STANDARD;
        GatewaySettings settings = new GatewaySettings(
                all.maxSessions(), all.maxAttempts(), all.queueSegments(), all.parallelSegments(), all.reorderSegments(),
                all.reorderWait(), all.grace(), all.finish(), all.discoveryTimeout(), all.candidates(),
                all.waitForOrchestrator(), all.requestPatience(), all.minVersion(), money.isPresent(), maxPrices);
        gateway = new Gateway(ports, OnePrice.noCurrencies(CLOCK), () -> settings);
    }

    @Override
    public StreamGate streams() {
        return gateway;
    }

    @Override
    public JobGate jobs() {
        return gateway;
    }

    @Override
    public void close() {
        gateway.drain(Deadline.in(Duration.ofSeconds(5), CLOCK));
        gateway.close();
        orchestrator.close();
        timers.close();
    }
}
