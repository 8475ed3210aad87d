package io.millrace.kernel.handover;

import io.millrace.api.node.Handover;
import io.millrace.kernel.gateway.time.SystemTimers;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Offers the handover. Immediate, because its state must not go while nobody uses the service. */
@Component(service = Handover.class, immediate = true)
public final class HandoverComponent implements Handover {

    private final InstantSource clock = InstantSource.system();
    private final SystemTimers timers = new SystemTimers(clock);
    private final Handover handover = new MemoryHandover(timers, clock);

    /** Keeps nothing yet. */
    @Activate
    public HandoverComponent() {
        // the fields are all there is
    }

    @Deactivate
    void stop() {
        timers.close();
    }

    @Override
    public void leave(String kind, Map<String, Object> state) {
        handover.leave(kind, state);
    }

    @Override
    public Map<String, Object> take(String kind) {
        return handover.take(kind);
    }
}
