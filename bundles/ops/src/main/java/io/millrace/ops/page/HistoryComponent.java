package io.millrace.ops.page;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Remembers for as long as the bundle runs, whether somebody looks or not. */
@Component(service = {NodeEvents.class, HistoryComponent.class})
public final class HistoryComponent implements NodeEvents {

    private final History history = new History(InstantSource.system());

    /** Remembers nothing yet. */
    @Activate
    public HistoryComponent() {}

    @Override
    public void happened(NodeEvent event) {
        history.happened(event);
    }

    History history() {
        return history;
    }
}
