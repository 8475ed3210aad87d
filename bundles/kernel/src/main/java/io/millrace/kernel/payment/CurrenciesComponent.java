package io.millrace.kernel.payment;

import io.millrace.api.node.NodeEvents;
import io.millrace.api.payment.PriceFeed;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.Events;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The currencies of a node, for both of its roles; what was read outlives the bundle that read it. */
@Component(service = Currencies.class)
public final class CurrenciesComponent extends Currencies {

    private static final System.Logger LOG = System.getLogger(CurrenciesComponent.class.getName());

    private final Events events;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Threads.platform().daemon().name("price-feed-timer").factory());

    /** Nothing is read before a price needs it. */
    @Activate
    public CurrenciesComponent() {
        InstantSource clock = InstantSource.system();
        Events listeners = new Events(clock);
        super(new Leased<>("price feed", clock), listeners, clock);
        events = listeners;
        timer.scheduleWithFixedDelay(this::lookSafely, 1, 1, TimeUnit.SECONDS);
    }

    /** A timer stops for good at the first exception. */
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Reading the price feed failed; it is tried again in a moment", e);
        }
    }

    @Deactivate
    void deactivate() {
        timer.shutdownNow();
        events.flush();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindFeed(PriceFeed feed, ServiceReference<PriceFeed> reference) {
        feeds.bind(feed, ServiceProvider.of(reference));
        lookAgain();
    }

    void unbindFeed(PriceFeed feed) {
        feeds.unbind(feed);
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
