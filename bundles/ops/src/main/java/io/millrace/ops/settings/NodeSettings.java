package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import io.millrace.settings.Shown;
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
     * Sets one, now and for later runs, as {@code config set} does; where the command line set it, for the
     * rest of this run. A sentence when that is refused.
     */
    public Optional<String> set(String pid, String key, String value) {
        Answer answer = settings.overrule(Pid.of(pid), key, value);
        return answer.outcome() == Answer.Outcome.DONE ? Optional.empty() : Optional.of(answer.text());
    }
}
