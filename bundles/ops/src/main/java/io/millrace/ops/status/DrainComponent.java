package io.millrace.ops.status;

import io.millrace.api.node.NodeControl;
import io.millrace.api.value.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the work in hand before the node stops, and drains a node that is to stop. The launcher shares
 * no type with the bundles but the JDK's: it finds this by its property and runs it before it stops the
 * bundles, and offers the same way what ends its process.
 */
@Component(
        service = {Runnable.class, DrainComponent.class},
        property = "millrace.stop=drain",
        configurationPid = OpsSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DrainComponent implements Runnable {

    private static final Logger console = LoggerFactory.getLogger("millrace");

    private final NodeControl control;
    private final Duration letEnd;
    private final Duration finish;
    private final InstantSource clock;
    private final Optional<Runnable> stop;
    private Thread waiting;

    /** Drains this node; {@code stop} is null where no service can stop it. */
    @Activate
    public DrainComponent(
            @Reference NodeControl control,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, target = "(millrace.stop=process)") Runnable stop,
            OpsSettings settings) {
        this(
                control,
                Duration.ofSeconds(settings.letEndSeconds()),
                Duration.ofSeconds(settings.drainSeconds()),
                InstantSource.system(),
                Optional.ofNullable(stop));
    }

    DrainComponent(
            NodeControl control, Duration letEnd, Duration finish, InstantSource clock, Optional<Runnable> stop) {
        this.control = control;
        this.letEnd = letEnd;
        this.finish = finish;
        this.clock = clock;
        this.stop = stop;
    }

    /** How long streams and sessions may go on when the command names no limit. */
    public Duration usualLimit() {
        return letEnd;
    }

    /**
     * From now on nothing new is taken; when all that runs has ended, or the limit has passed, the node
     * stops. Returns at once. Asked once more, the new limit holds, from then on.
     */
    public synchronized void begin(Duration limit) {
        if (waiting != null) {
            waiting.interrupt();
        }
        console.info("draining: nothing new is taken, what runs may go on for {} s", limit.toSeconds());
        waiting = Thread.ofPlatform().daemon().name("millrace-drain").start(() -> letEnd(limit));
    }

    private void letEnd(Duration limit) {
        boolean ended = control.letEnd(Deadline.in(limit, clock));
        if (Thread.interrupted()) {
            return;
        }
        if (ended) {
            console.info("all that ran has ended");
        } else {
            console.info("what still runs after {} s is ended now", limit.toSeconds());
        }
        stop.ifPresentOrElse(
                Runnable::run, () -> console.info("the work is done; nobody here can stop the process, so it waits"));
    }

    @Override
    public void run() {
        console.info("stopping: nothing new is taken, work in hand has {} s", finish.toSeconds());
        if (control.drain(Deadline.in(finish, clock))) {
            console.info("all work is finished");
        } else {
            console.warn(
                    "some work is not finished after {} s and is dropped; io.millrace.ops.drainSeconds gives it more",
                    finish.toSeconds());
        }
    }
}
