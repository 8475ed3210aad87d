package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.network.Links;
import io.millrace.api.node.Endpoint;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.PriceSource;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.Wallet;
import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.NodeSecret;
import io.millrace.kernel.Role;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.Events;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.payment.Currencies;
import io.millrace.kernel.payment.MoneyPorts;
import io.millrace.kernel.payment.OffChainPayee;
import io.millrace.kernel.payment.OutsidePrices;
import io.millrace.kernel.payment.PriceBook;
import io.millrace.kernel.payment.RecipientRandom;
import io.millrace.kernel.payment.Redemptions;
import io.millrace.kernel.payment.RemoteRedemptions;
import io.millrace.kernel.payment.TicketPayee;
import io.millrace.kernel.store.MemoryObjectStore;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

/**
 * The orchestrator of a node that has a configuration for one. Immediate, because its sessions outlive
 * whoever uses it at the moment.
 */
@Component(
        service = {Orchestrator.class, ObjectStore.class, Role.class},
        immediate = true,
        property = "role=orchestrator",
        configurationPid = "io.millrace.kernel.orchestrator",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OrchestratorConfiguration.class)
public final class OrchestratorComponent extends LocalOrchestrator implements ObjectStore {

    private static final System.Logger LOG = System.getLogger(OrchestratorComponent.class.getName());

    private static final long SWEEP_MILLIS = 500;
    private static final long MONEY_SECONDS = 5;
    private static final String TOKEN_SECRET = "auth-secret";
    private static final String TICKET_SECRET = "ticket-secret";

    private final AtomicReference<OrchestratorSettings> settings;
    private final Set<Endpoint> endpoints;
    private final Leased<Wallet> wallets;
    private final Leased<Ledger> ledgers;
    private final Leased<Settlement> settlements;
    private final Leased<PriceSource> sources;
    private final PriceBook book;
    private final TicketPayee payee;
    private final Leased<Links> links;
    private final Redemptions redemptions;
    private final RemoteRedemptions remoteRedemptions;
    private final Map<Settlement, Registration> watches = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Events events;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Threads.platform().daemon().name("orchestrator-sweep").factory());
    private final ScheduledExecutorService moneyTimer = Executors.newSingleThreadScheduledExecutor(
            Threads.platform().daemon().name("orchestrator-money").factory());

    /** An orchestrator that charges what it keeps to the budget of the heap. */
    @Activate
    public OrchestratorComponent(
            OrchestratorConfiguration configuration,
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget,
            @Reference Currencies currencies) {
        InstantSource clock = InstantSource.system();
        AtomicReference<OrchestratorSettings> current = new AtomicReference<>(OrchestratorSettings.of(configuration));
        Set<Endpoint> ports = new CopyOnWriteArraySet<>();
        Leased<Wallet> signers = new Leased<>("wallet", clock);
        Leased<Ledger> books = new Leased<>("ledger", clock);
        Leased<Settlement> chains = new Leased<>("chain", clock);
        Leased<Links> ways = new Leased<>("way to the redeemer", clock);
        Events listeners = new Events(clock);
        Leased<PriceSource> priceSources = new Leased<>("price source", clock);
        Roster roster = new Roster(new Leased<>("pipeline", clock), listeners, clock);
        PriceBook prices = new PriceBook(
                () -> current.get().prices(),
                new OutsidePrices(priceSources, listeners, clock),
                currencies,
                roster::prices);
        MoneyPorts moneyPorts = new MoneyPorts(signers, books, chains, listeners, clock);
        RemoteRedemptions remote =
                new RemoteRedemptions(moneyPorts, ways, () -> current.get().redeemer());
        TicketPayee paid = new TicketPayee(
                moneyPorts,
                prices,
                () -> current.get().tickets(),
                new RecipientRandom(secret(
                        configuration, TICKET_SECRET, "terms that gateways have no longer hold, and they ask again")),
                remote);
        super(new Parts(
                current::get,
                () -> service(ports),
                secret(configuration, TOKEN_SECRET, "gateways then have to ask again"),
                roster,
                new Account(
                        () -> current.get().onChain(),
                        new OffChainPayee(prices),
                        paid,
                        signers,
                        listeners,
                        clock),
                new MemoryObjectStore(budget, clock),
                budget,
                listeners,
                clock));
        settings = current;
        endpoints = ports;
        wallets = signers;
        ledgers = books;
        settlements = chains;
        sources = priceSources;
        book = prices;
        payee = paid;
        links = ways;
        redemptions = new Redemptions(
                moneyPorts,
                () -> new Redemptions.GasPolicy(
                        current.get().gas(), current.get().tickets().redeemGas()));
        remoteRedemptions = remote;
        events = listeners;
        sweeper.scheduleWithFixedDelay(this::look, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        moneyTimer.scheduleWithFixedDelay(
                this::lookAfterMoney, MONEY_SECONDS, MONEY_SECONDS, TimeUnit.SECONDS);
    }

    @Modified
    void modified(OrchestratorConfiguration configuration) {
        settings.set(OrchestratorSettings.of(configuration));
    }

    @Deactivate
    void deactivate() {
        sweeper.shutdownNow();
        moneyTimer.shutdownNow();
        redemptions.close();
        remoteRedemptions.close();
        close();
        events.flush();
    }

    @Override
    public List<SpendLimit> spendLimits() {
        return settings.get().onChain() ? redemptions.limits() : List.of();
    }

    private static Bytes secret(OrchestratorConfiguration settings, String name, String lost) {
        return settings.directory().isBlank()
                ? NodeSecret.fresh()
                : NodeSecret.in(Path.of(settings.directory()), name, lost);
    }

    private static Optional<URI> service(Set<Endpoint> ports) {
        return ports.stream()
                .filter(port -> port.name().equals("service"))
                .findFirst()
                .map(Endpoint::uri);
    }

    /** A timer stops for good at the first exception. */
    private void look() {
        try {
            sweep();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Looking after the sessions failed; it is tried again in a moment", e);
        }
    }

    /** Ends idle balances, and redeems what has won or hands it to who does, where work is paid. */
    private void lookAfterMoney() {
        if (!settings.get().onChain()) {
            return;
        }
        try {
            payee.closeIdle();
            if (settings.get().redeems()) {
                redemptions.look();
            }
            remoteRedemptions.look();
        } catch (Fault e) {
            LOG.log(Level.DEBUG, "Idle balances could not be ended; it is tried again in a moment: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Looking after the money failed; it is tried again in a moment", e);
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPipeline(Pipeline pipeline, ServiceReference<Pipeline> reference) {
        add(pipeline, ServiceProvider.of(reference));
    }

    void unbindPipeline(Pipeline pipeline) {
        remove(pipeline);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindWallet(Wallet wallet, ServiceReference<Wallet> reference) {
        wallets.bind(wallet, ServiceProvider.of(reference));
    }

    void unbindWallet(Wallet wallet) {
        wallets.unbind(wallet);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLedger(Ledger ledger, ServiceReference<Ledger> reference) {
        ledgers.bind(ledger, ServiceProvider.of(reference));
    }

    void unbindLedger(Ledger ledger) {
        ledgers.unbind(ledger);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSettlement(Settlement settlement, ServiceReference<Settlement> reference) {
        settlements.bind(settlement, ServiceProvider.of(reference));
        watches.put(settlement, settlement.watch(this::heard));
    }

    private void heard(Settlement.Notice notice) {
        redemptions.heard(notice);
        remoteRedemptions.heard(notice);
    }

    void unbindSettlement(Settlement settlement) {
        Optional.ofNullable(watches.remove(settlement)).ifPresent(Registration::close);
        settlements.unbind(settlement);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLinks(Links way, ServiceReference<Links> reference) {
        links.bind(way, ServiceProvider.of(reference));
    }

    void unbindLinks(Links way) {
        links.unbind(way);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPriceSource(PriceSource source, ServiceReference<PriceSource> reference) {
        sources.bind(source, ServiceProvider.of(reference));
    }

    void unbindPriceSource(PriceSource source) {
        sources.unbind(source);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindListener(NodeEvents listener, ServiceReference<NodeEvents> reference) {
        events.bind(listener, ServiceProvider.of(reference));
    }

    void unbindListener(NodeEvents listener) {
        events.unbind(listener);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEndpoint(Endpoint endpoint) {
        endpoints.add(endpoint);
    }

    void unbindEndpoint(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    @Override
    public List<ConfiguredPrice> prices() {
        return book.configured();
    }

    @Override
    public List<String> obstacles() {
        List<String> obstacles = new ArrayList<>(super.obstacles());
        if (settings.get().onChain()) {
            remoteRedemptions.obstacle().ifPresent(obstacles::add);
        }
        return obstacles;
    }

    @Override
    public List<String> cautions() {
        List<String> cautions = new ArrayList<>(super.cautions());
        cautions.addAll(remoteRedemptions.cautions());
        cautions.addAll(Role.near(spendLimits()));
        redemptions.caution().ifPresent(cautions::add);
        if (settings.get().onChain()) {
            cautions.addAll(book.cautions());
        }
        return cautions;
    }

    @Override
    public String put(SessionId session, String name, Bytes data) {
        return parts.store().put(session, name, data);
    }

    @Override
    public Optional<Bytes> get(String path) {
        return parts.store().get(path);
    }

    @Override
    public void drop(SessionId session) {
        parts.store().drop(session);
    }
}
