package io.millrace.kernel.event;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Provider;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands each event to every listener and waits until they have returned, for 2 s at most. A listener that throws or
 * hangs is named in the log and does not disturb the caller.
 */
public final class Events implements NodeEvents {

    private static final System.Logger LOG = System.getLogger(Events.class.getName());

    /** How long the caller waits for a listener, which ought to return at once. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Leased<NodeEvents> listeners;
    private final Foreign foreign = new Foreign("listener", Events::warn);

    /** Without listeners. */
    public Events(InstantSource clock) {
        listeners = new Leased<>("listener", clock);
    }

    /** Another listener. */
    public void bind(NodeEvents listener, Provider provider) {
        listeners.bind(listener, provider);
    }

    /** A listener leaves; waits for its calls. */
    public void unbind(NodeEvents listener) {
        listeners.unbind(listener);
    }

    @Override
    public void happened(NodeEvent event) {
        List<ForeignCall<NodeEvents, Void>> calls = new ArrayList<>();
        for (Lease<NodeEvents> lease : listeners.takeAll(listener -> true)) {
            try (lease) {
                calls.add(foreign.begin(lease, listener -> {
                    listener.happened(event);
                    return null;
                }));
            } catch (CallFailed e) {
                LOG.log(Level.WARNING, "A listener is not told of an event: " + e.getMessage());
            }
        }
        for (ForeignCall<NodeEvents, Void> call : calls) {
            try {
                call.await(LIMIT);
            } catch (CallFailed e) {
                // warn has said it
            }
        }
    }

    /** Goes to the log only: an event about a listener, told to listeners, could go round in a circle. */
    private static void warn(NodeEvent event) {
        if (event instanceof NodeEvent.Misbehaved it) {
            LOG.log(Level.WARNING, "A listener of " + it.bundle() + " fails, the work goes on: " + it.what()
                    + (it.setAside() ? "; it is told nothing until its calls have returned" : ""));
        }
    }
}
