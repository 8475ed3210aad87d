package io.millrace.ops.narrate;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Listens to the node and tells. */
@Component(service = {NodeEvents.class, Warnings.class})
public final class NarratorComponent implements NodeEvents, Warnings {

    private final Console console = new Console(InstantSource.system());
    private final Narrator narrator = new Narrator(console, InstantSource.system());

    /** Has nothing to tell yet. */
    @Activate
    public NarratorComponent() {}

    @Override
    public void happened(NodeEvent event) {
        narrator.happened(event);
    }

    @Override
    public List<Warning> recent() {
        return console.recent();
    }
}
