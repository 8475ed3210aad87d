package io.millrace.ops.cli;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The framework's configurations. Whoever watches them keeps what is good and takes back what is not. */
@Component(service = Knobs.class)
public final class ConfiguredKnobs implements Knobs {

    private final ConfigurationAdmin admin;

    /** Shows and changes these. */
    @Activate
    public ConfiguredKnobs(@Reference ConfigurationAdmin admin) {
        this.admin = admin;
    }

    @Override
    public Optional<String> value(String pid, String key) {
        try {
            return configuration(pid).map(Configuration::getProperties).map(properties -> text(properties.get(key)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> set(String pid, Map<String, String> values) {
        try {
            Optional<Configuration> configuration = configuration(pid);
            if (configuration.isEmpty()) {
                return Optional.of("this node has no settings " + pid);
            }
            Dictionary<String, Object> properties = configuration.get().getProperties();
            values.forEach(properties::put);
            configuration.get().update(properties);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the settings " + pid + " cannot be changed: " + e.getMessage());
        }
    }

    private Optional<Configuration> configuration(String pid) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + pid + ")");
            return found == null ? Optional.empty() : Optional.of(found[0]);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(pid + " is no PID", e);
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "";
            case String[] several -> String.join(",", several);
            default -> value.toString();
        };
    }
}
