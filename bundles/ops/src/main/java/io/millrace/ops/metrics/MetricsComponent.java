package io.millrace.ops.metrics;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Counts for as long as the bundle runs, whatever becomes of the page that shows it. */
@Component(service = {NodeEvents.class, MetricsComponent.class})
public final class MetricsComponent implements NodeEvents {

    private final NodeMeters meters = new NodeMeters();

    /** Begins at zero. */
    @Activate
    public MetricsComponent() {}

    @Override
    public void happened(NodeEvent event) {
        meters.happened(event);
    }

    NodeMeters meters() {
        return meters;
    }
}
