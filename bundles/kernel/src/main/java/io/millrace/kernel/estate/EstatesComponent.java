package io.millrace.kernel.estate;

import io.millrace.api.node.Estates;
import io.millrace.kernel.gateway.time.SystemTimers;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The estates as a service. Immediate, because what it keeps must not go when nobody holds it. */
@Component(service = Estates.class, immediate = true)
public final class EstatesComponent implements Estates {

    private final InstantSource clock = InstantSource.system();
    private final SystemTimers timers = new SystemTimers(clock);
    private final Estates kept = new KeptEstates(timers, clock);

    /** Keeps nothing yet. */
    @Activate
    public EstatesComponent() {
        // its parts are ready
    }

    @Deactivate
    void stop() {
        timers.close();
    }

    @Override
    public void leave(String kind, Map<String, Object> estate) {
        kept.leave(kind, estate);
    }

    @Override
    public Map<String, Object> take(String kind) {
        return kept.take(kind);
    }
}
