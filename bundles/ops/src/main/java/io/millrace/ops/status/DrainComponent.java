package io.millrace.ops.status;

import io.millrace.api.node.NodeControl;
import io.millrace.api.value.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the work in hand before the node stops. The launcher, which shares no type with the bundles
 * but the JDK's, finds it by its property and runs it.
 */
@Component(
        service = Runnable.class,
        property = "millrace.stop=drain",
        configurationPid = OpsSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DrainComponent implements Runnable {

    private static final Logger console = LoggerFactory.getLogger("millrace");

    private final NodeControl control;
    private final Duration limit;
    private final InstantSource clock;

    /** Drains this node. */
    @Activate
    public DrainComponent(@Reference NodeControl control, OpsSettings settings) {
        this(control, Duration.ofSeconds(settings.drainSeconds()), InstantSource.system());
    }

    DrainComponent(NodeControl control, Duration limit, InstantSource clock) {
        this.control = control;
        this.limit = limit;
        this.clock = clock;
    }

    @Override
    public void run() {
        console.info("stopping: nothing new is taken, work in hand has {} s", limit.toSeconds());
        if (control.drain(Deadline.in(limit, clock))) {
            console.info("all work is finished");
        } else {
            console.warn(
                    "some work is not finished after {} s and is given up; io.millrace.ops.drainSeconds gives it more",
                    limit.toSeconds());
        }
    }
}
