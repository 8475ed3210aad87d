package io.millrace.kernel.payment;

import io.millrace.api.node.NodeEvents;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.event.Events;
import io.millrace.kernel.lease.Leased;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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

/** Pays with tickets, as a component: wallet, ledger and chain come and go. */
@Component(
        configurationPid = "io.millrace.kernel.payer",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TicketPayerConfiguration.class)
public final class TicketPayerComponent implements Payer {

    private final Leased<Wallet> wallets;
    private final Leased<Ledger> ledgers;
    private final Leased<Settlement> settlements;
    private final Events events;
    private final AtomicReference<SenderLimits> limits;
    private final TicketPayer payer;

    /** Pays within the limits of this configuration. */
    @Activate
    public TicketPayerComponent(TicketPayerConfiguration configuration) {
        InstantSource clock = InstantSource.system();
        wallets = new Leased<>("wallet", clock);
        ledgers = new Leased<>("ledger", clock);
        settlements = new Leased<>("chain", clock);
        events = new Events(clock);
        limits = new AtomicReference<>(SenderLimits.of(configuration));
        payer = new TicketPayer(new MoneyPorts(wallets, ledgers, settlements, events, clock), limits::get);
    }

    @Modified
    void modified(TicketPayerConfiguration configuration) {
        limits.set(SenderLimits.of(configuration));
    }

    @Deactivate
    void deactivate() {
        events.flush();
    }

    @Override
    public Staging stage(Request request, Deadline deadline) {
        return payer.stage(request, deadline);
    }

    @Override
    public Optional<String> obstacle() {
        return payer.obstacle();
    }

    @Override
    public List<SpendLimit> limits() {
        return payer.limits();
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
    }

    void unbindSettlement(Settlement settlement) {
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
