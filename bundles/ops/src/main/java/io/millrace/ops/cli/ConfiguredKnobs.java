package io.millrace.ops.cli;

import io.millrace.ops.settings.NodeSettings;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The node's settings as they are: a change lands in the node's own file, as from everywhere. */
@Component(service = Knobs.class)
public final class ConfiguredKnobs implements Knobs {

    private final NodeSettings settings;

    /** Shows and changes these. */
    @Activate
    public ConfiguredKnobs(@Reference NodeSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> value(String pid, String key) {
        return settings.value(pid, key);
    }

    @Override
    public Optional<String> set(String pid, Map<String, String> values) {
        return settings.set(pid, values);
    }
}
