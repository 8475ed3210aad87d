package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.node.Endpoint;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.Role;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.Events;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.payment.OffChainPayee;
import io.millrace.kernel.payment.Payee;
import io.millrace.kernel.store.MemoryObjectStore;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
        configurationPid = "io.millrace.kernel.orchestrator",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OrchestratorConfiguration.class)
public final class OrchestratorComponent implements Orchestrator, ObjectStore, Role {

    private static final System.Logger LOG = System.getLogger(OrchestratorComponent.class.getName());

    private static final long SWEEP_MILLIS = 500;

    private final InstantSource clock = InstantSource.system();
    private final Events events = new Events(clock);
    private final Set<Endpoint> endpoints = new CopyOnWriteArraySet<>();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Threads.platform().daemon().name("orchestrator-sweep").factory());
    private final Leased<Wallet> wallets = new Leased<>("wallet", clock);
    private final Leased<Payee> payees = new Leased<>("payee", clock);
    private final MemoryObjectStore store;
    private final LocalOrchestrator orchestrator;
    private volatile OrchestratorSettings limits;
    private volatile Price price;
    private volatile Optional<URI> serviceUri;

    /** An orchestrator that charges what it keeps to the budget of the heap. */
    @Activate
    public OrchestratorComponent(
            OrchestratorConfiguration settings,
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget) {
        limits = OrchestratorSettings.of(settings);
        price = price(settings);
        serviceUri = uri(settings);
        store = new MemoryObjectStore(budget, clock);
        Account account = new Account(
                () -> limits.onChain(), new OffChainPayee(() -> price), payees, wallets, events, clock);
        orchestrator = new LocalOrchestrator(new LocalOrchestrator.Parts(
                () -> limits,
                this::endpoint,
                secret(settings),
                new Roster(new Leased<>("pipeline", clock), events, clock),
                account,
                store,
                budget,
                events,
                clock));
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Modified
    void modified(OrchestratorConfiguration settings) {
        Optional<URI> newUri = uri(settings);
        Price newPrice = price(settings);
        limits = OrchestratorSettings.of(settings);
        price = newPrice;
        serviceUri = newUri;
    }

    @Deactivate
    void deactivate() {
        sweeper.shutdownNow();
        orchestrator.close();
        events.flush();
    }

    private static Bytes secret(OrchestratorConfiguration settings) {
        return settings.directory().isBlank() ? TokenSecret.fresh() : TokenSecret.in(Path.of(settings.directory()));
    }

    private static Price price(OrchestratorConfiguration settings) {
        if (settings.pricePerUnit() < 0 || settings.pixelsPerUnit() < 1) {
            throw new IllegalArgumentException("pricePerUnit is at least 0 and pixelsPerUnit at least 1, not "
                    + settings.pricePerUnit() + " and " + settings.pixelsPerUnit());
        }
        return Price.of(settings.pricePerUnit(), settings.pixelsPerUnit());
    }

    private static Optional<URI> uri(OrchestratorConfiguration settings) {
        String text = settings.serviceUri().strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "Not an address", e);
        }
        throw new IllegalArgumentException(
                "serviceUri is no address: " + text + "; give one like https://example.org:8935");
    }

    /** A timer stops for good at the first exception. */
    private void sweep() {
        try {
            orchestrator.sweep();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Looking after the sessions failed; it is tried again in a moment", e);
        }
    }

    private Optional<URI> endpoint() {
        return serviceUri.or(() -> endpoints.stream()
                .filter(endpoint -> endpoint.name().equals("service"))
                .findFirst()
                .map(Endpoint::uri));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPipeline(Pipeline pipeline, ServiceReference<Pipeline> reference) {
        orchestrator.add(pipeline, ServiceProvider.of(reference));
    }

    void unbindPipeline(Pipeline pipeline) {
        orchestrator.remove(pipeline);
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
    void bindPayee(Payee payee, ServiceReference<Payee> reference) {
        payees.bind(payee, ServiceProvider.of(reference));
    }

    void unbindPayee(Payee payee) {
        payees.unbind(payee);
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
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        return orchestrator.quote(spec, caller, deadline);
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        return orchestrator.submit(token, job, payment, deadline);
    }

    @Override
    public LiveOpening open(Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline) {
        return orchestrator.open(token, spec, payment, deadline);
    }

    @Override
    public LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline) {
        return orchestrator.attach(token, manifest, deadline);
    }

    @Override
    public Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
        return orchestrator.credit(token, balance, payment, deadline);
    }

    @Override
    public Optional<Refusal> end(AuthToken token, Deadline deadline) {
        return orchestrator.end(token, deadline);
    }

    @Override
    public String put(SessionId session, String name, Bytes data) {
        return store.put(session, name, data);
    }

    @Override
    public Optional<Bytes> get(String path) {
        return store.get(path);
    }

    @Override
    public void drop(SessionId session) {
        store.drop(session);
    }

    @Override
    public Kind kind() {
        return Kind.ORCHESTRATOR;
    }

    @Override
    public List<String> obstacles() {
        return orchestrator.obstacles();
    }

    @Override
    public List<String> cautions() {
        return orchestrator.cautions();
    }

    @Override
    public List<SessionStatus> sessions() {
        return orchestrator.sessions();
    }

    @Override
    public int maxSessions() {
        return orchestrator.maxSessions();
    }

    @Override
    public boolean draining() {
        return orchestrator.draining();
    }

    @Override
    public void shut() {
        orchestrator.shut();
    }

    @Override
    public boolean awaitIdle(Deadline deadline) {
        return orchestrator.awaitIdle(deadline);
    }

    @Override
    public boolean drain(Deadline deadline) {
        return orchestrator.drain(deadline);
    }
}
