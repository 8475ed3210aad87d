package io.millrace.ops.narrate;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to the node and tells. */
@Component(service = {NodeEvents.class, Warnings.class})
public final class NarratorComponent implements NodeEvents, Warnings {

    /** The logger that is shown on the console. */
    private static final Logger shown = LoggerFactory.getLogger("millrace");

    private final Console console = new Console(InstantSource.system(), shown::info, shown::warn);
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
