package io.millrace.kernel.store;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import io.millrace.kernel.Threads;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** What a gateway's clients fetch. Immediate, because its content must not go while nobody uses the service. */
@Component(service = ObjectStore.class, immediate = true, property = "role=gateway")
public final class GatewayStoreComponent extends ExpiringObjectStore {

    private static final long EXPIRE_SECONDS = 10;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Threads.platform().daemon().name("result-expiry").factory());

    /** Keeps nothing yet. */
    @Activate
    public GatewayStoreComponent(
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget) {
        this(budget, InstantSource.system(), EXPIRE_SECONDS, TimeUnit.SECONDS);
    }

    GatewayStoreComponent(Budget budget, InstantSource clock, long period, TimeUnit unit) {
        super(budget, clock);
        timer.scheduleWithFixedDelay(this::expire, period, period, unit);
    }

    @Deactivate
    void deactivate() {
        timer.shutdownNow();
        close();
    }
}
