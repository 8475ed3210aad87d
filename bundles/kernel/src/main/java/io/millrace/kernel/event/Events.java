package io.millrace.kernel.event;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Map;

/** Hands each event to every listener. What a listener throws never hurts the work. */
public final class Events implements NodeEvents {

    private static final System.Logger LOG = System.getLogger(Events.class.getName());

    private final Leased<NodeEvents> listeners;

    /** Without listeners. */
    public Events(InstantSource clock) {
        listeners = new Leased<>("listener", clock);
    }

    /** Another listener. */
    public void bind(NodeEvents listener, Map<String, ?> properties) {
        listeners.bind(listener, properties);
    }

    /** A listener leaves; waits for its calls. */
    public void unbind(NodeEvents listener) {
        listeners.unbind(listener);
    }

    @Override
    public void happened(NodeEvent event) {
        listeners.tell(
                listener -> listener.happened(event),
                (listener, failure) -> LOG.log(
                        Level.WARNING,
                        "A listener failed, the work goes on: " + listener.getClass().getName(),
                        failure));
    }
}
