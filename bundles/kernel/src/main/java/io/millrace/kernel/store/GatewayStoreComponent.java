package io.millrace.kernel.store;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What a gateway's clients fetch. Immediate, because its content must not go while nobody uses the service. */
@Component(service = ObjectStore.class, immediate = true, property = "role=gateway")
public final class GatewayStoreComponent extends ExpiringObjectStore {

    /** Keeps nothing yet. */
    @Activate
    public GatewayStoreComponent(
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget) {
        super(budget, InstantSource.system());
    }
}
