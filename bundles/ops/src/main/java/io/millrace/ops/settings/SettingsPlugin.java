package io.millrace.ops.settings;

import io.millrace.settings.Check;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
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
 * Stands between configurations and components: no component sees a value that its bundle does not allow,
 * whoever set it, and a secret is put in the place of its reference only for a bundle that cannot read it.
 */
@Component(immediate = true)
public final class SettingsPlugin implements ConfigurationPlugin {

    private static final Logger log = LoggerFactory.getLogger(SettingsPlugin.class);

    private final Schemas schemas;
    private final Map<String, Object> lastGood = new ConcurrentHashMap<>();

    /** Knows what is allowed. */
    @Activate
    public SettingsPlugin(@Reference Schemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public void modifyConfiguration(ServiceReference<?> reference, Dictionary<String, Object> properties) {
        Optional<Pid> pid = Values.pid(properties);
        Schema schema = schemas.now();
        if (pid.isEmpty() || !schema.has(pid.get())) {
            return;
        }
        Check check = new Check(schema);
        for (String key : Collections.list(properties.keys())) {
            Optional<Setting> setting = schema.setting(pid.get(), key);
            if (setting.isPresent()) {
                deliver(pid.get(), setting.get(), check, properties);
            }
        }
    }

    private void deliver(Pid pid, Setting setting, Check check, Dictionary<String, Object> properties) {
        String text = Values.text(properties.get(setting.key()));
        String name = pid + "." + setting.key();
        if (check.one(pid, setting.key(), text).isEmpty()) {
            try {
                boolean given = setting.secret() && !schemas.readsSecrets(pid.kind());
                String value = given ? Secret.resolved(setting, text) : text;
                Object delivered = setting.list() ? setting.values(value).toArray(String[]::new) : value;
                properties.put(setting.key(), delivered);
                lastGood.put(name, delivered);
                return;
            } catch (IOException e) {
                log.warn("{} cannot be used: {}; its last value stays in force", name, e.getMessage());
            }
        }
        Object good = lastGood.get(name);
        if (good == null) {
            properties.remove(setting.key());
        } else {
            properties.put(setting.key(), good);
        }
    }
}
