package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import io.millrace.settings.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The settings for other packages of this bundle. For any thread. */
@Component(service = NodeSettings.class)
public final class NodeSettings {

    private final LiveSettings settings;

    /** Shows and changes those of this node. */
    @Activate
    public NodeSettings(@Reference SettingsComponent settings) {
        this.settings = settings.settings();
    }

    /** What is in force, a default too; empty when this node has no such setting. A secret is only its reference. */
    public Optional<String> value(String pid, String key) {
        String name = Pid.of(pid) + "." + key;
        return settings.list().stream()
                .filter(setting -> setting.key().equals(name))
                .findFirst()
                .map(setting -> setting.value());
    }

    /**
     * Sets some together, now and for later runs, as {@code config set} does; where the command line set one, for
     * the rest of this run. A sentence when that is refused.
     *
     * @throws UncheckedIOException the file cannot be written, and nothing was changed
     */
    public Optional<String> set(String pid, Map<String, String> values) {
        Answer answer = settings.overrule(Pid.of(pid), values);
        return switch (answer.outcome()) {
            case DONE -> Optional.empty();
            case UNKNOWN, REFUSED -> Optional.of(answer.text());
            case FAILED -> throw new UncheckedIOException(new IOException(answer.text()));
        };
    }
}
