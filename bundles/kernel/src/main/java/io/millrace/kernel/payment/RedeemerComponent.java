package io.millrace.kernel.payment;

import io.millrace.api.node.NodeEvents;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Registration;
import io.millrace.kernel.Role;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.Events;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
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

/** The redeemer of a node that has a configuration for one: wallet, ledger and chain come and go. */
@Component(
        service = {Redeemer.class, Role.class},
        immediate = true,
        configurationPid = "io.millrace.kernel.redeemer",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RedeemerConfiguration.class)
public final class RedeemerComponent extends LocalRedeemer {

    private static final System.Logger LOG = System.getLogger(RedeemerComponent.class.getName());
    private static final long LOOK_SECONDS = 5;

    private final AtomicReference<Redemptions.GasPolicy> gas;
    private final Leased<Wallet> wallets;
    private final Leased<Ledger> ledgers;
    private final Leased<Settlement> settlements;
    private final Events events;
    private final Map<Settlement, Registration> watches = Collections.synchronizedMap(new IdentityHashMap<>());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Threads.platform().daemon().name("redeemer").factory());

    /** Redeems within the limits of this configuration. */
    @Activate
    public RedeemerComponent(RedeemerConfiguration configuration) {
        InstantSource clock = InstantSource.system();
        AtomicReference<Redemptions.GasPolicy> current = new AtomicReference<>(gas(configuration));
        Leased<Wallet> signers = new Leased<>("wallet", clock);
        Leased<Ledger> books = new Leased<>("ledger", clock);
        Leased<Settlement> chains = new Leased<>("chain", clock);
        Events listeners = new Events(clock);
        super(new MoneyPorts(signers, books, chains, listeners, clock), current::get);
        gas = current;
        wallets = signers;
        ledgers = books;
        settlements = chains;
        events = listeners;
        timer.scheduleWithFixedDelay(this::lookAgain, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Modified
    void modified(RedeemerConfiguration configuration) {
        gas.set(gas(configuration));
    }

    @Deactivate
    void deactivate() {
        timer.shutdownNow();
        close();
        events.flush();
    }

    private static Redemptions.GasPolicy gas(RedeemerConfiguration configuration) {
        return new Redemptions.GasPolicy(
                Spending.Limits.ofGas(configuration.maxGasPerHour(), configuration.maxGasPerDay()),
                TicketPolicy.STANDARD.redeemGas());
    }

    /** A timer stops for good at the first exception. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Looking after the tickets failed; it is tried again in a moment", e);
        }
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

    void unbindSettlement(Settlement settlement) {
        Optional.ofNullable(watches.remove(settlement)).ifPresent(Registration::close);
        settlements.unbind(settlement);
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
}
