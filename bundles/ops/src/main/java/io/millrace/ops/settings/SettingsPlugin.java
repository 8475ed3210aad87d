package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import io.millrace.settings.Secret;
import io.millrace.settings.Setting;
import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives components the form of a value that they want: a list as one, and a secret in the place of its reference,
 * but only to a bundle that cannot read references.
 */
@Component(immediate = true)
public final class SettingsPlugin implements ConfigurationPlugin {

    private static final Logger log = LoggerFactory.getLogger(SettingsPlugin.class);

    private final Schemas schemas;

    /** A secret that cannot be read any more goes on as it was. */
    private final Map<String, String> lastSecret = new ConcurrentHashMap<>();

    @Activate
    public SettingsPlugin(@Reference Schemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public void modifyConfiguration(ServiceReference<?> reference, Dictionary<String, Object> properties) {
        Optional<Pid> pid = Values.pid(properties);
        if (pid.isEmpty() || !schemas.now().has(pid.get())) {
            return;
        }
        Map<String, Setting> settings = schemas.now().of(pid.get());
        for (String key : Collections.list(properties.keys())) {
            Setting setting = settings.get(key);
            if (setting != null) {
                Optional<String> value = delivered(pid.get(), setting, Values.text(properties.get(key)));
                value.ifPresentOrElse(
                        text -> properties.put(
                                key, setting.list() ? setting.values(text).toArray(String[]::new) : text),
                        () -> properties.remove(key));
            }
        }
    }

    private Optional<String> delivered(Pid pid, Setting setting, String text) {
        if (!setting.secret() || schemas.readsSecrets(pid.kind())) {
            return Optional.of(text);
        }
        String name = pid + "." + setting.key();
        try {
            lastSecret.put(name, Secret.resolved(setting, text));
        } catch (IOException e) {
            log.warn("{} cannot be used: {}; its last value stays in force", name, e.getMessage());
        }
        return Optional.ofNullable(lastSecret.get(name));
    }
}
