package io.millrace.kernel.handover;

import io.millrace.api.node.Handover;
import io.millrace.kernel.gateway.time.SystemTimers;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Offers the handover. Immediate, because its state must not go while nobody uses the service. */
@Component(service = Handover.class, immediate = true)
public final class HandoverComponent extends MemoryHandover {

    private final SystemTimers timers;

    /** Keeps nothing yet. */
    @Activate
    public HandoverComponent() {
        InstantSource clock = InstantSource.system();
        SystemTimers own = new SystemTimers(clock);
        super(own, clock);
        timers = own;
    }

    @Deactivate
    void stop() {
        timers.close();
    }
}
