package io.millrace.ops.settings;

import io.millrace.ops.settings.SettingsFile.Pid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the configuration what the file named by {@value #PROPERTY} says. What a former file set and
 * this one does not is taken away; configurations that came otherwise stay.
 */
@Component(service = SettingsLoader.class, immediate = true)
public final class SettingsLoader {

    /** System property with the path of the file. */
    static final String PROPERTY = "millrace.settings";

    /** Marks what came from a file. Components do not see it: the dot makes it private. */
    static final String MARK = ".millrace.settings";

    /** A configuration for whichever bundle asks for it. */
    private static final String ANY_BUNDLE = "?";

    private static final Logger console = LoggerFactory.getLogger("millrace");
    private static final Logger log = LoggerFactory.getLogger(SettingsLoader.class);

    private final ConfigurationAdmin admin;

    /** Applies the file, when there is one. */
    @Activate
    public SettingsLoader(@Reference ConfigurationAdmin admin) {
        this(admin, System.getProperty(PROPERTY));
    }

    SettingsLoader(ConfigurationAdmin admin, String file) {
        this.admin = admin;
        if (file == null) {
            log.info("no system property {}: the configuration stays as it is", PROPERTY);
            return;
        }
        try {
            SettingsFile settings = SettingsFile.read(Path.of(file));
            settings.problems().forEach(problem -> console.warn("settings: {} (in {})", problem, file));
            apply(settings.settings());
        } catch (IOException e) {
            console.error("settings: cannot use {}: {}; the node keeps the settings it last had", file, e.toString());
        }
    }

    private void apply(Map<Pid, Map<String, String>> settings) throws IOException {
        Set<String> present = new HashSet<>();
        int changed = 0;
        for (Map.Entry<Pid, Map<String, String>> entry : settings.entrySet()) {
            Configuration configuration = configuration(entry.getKey());
            present.add(configuration.getPid());
            if (configuration.updateIfDifferent(properties(entry.getValue()))) {
                log.info("{} is now {}", entry.getKey(), entry.getValue().keySet());
                changed++;
            }
        }
        int removed = 0;
        for (Configuration former : marked()) {
            if (!present.contains(former.getPid())) {
                log.info("{} is no longer set", former.getPid());
                former.delete();
                removed++;
            }
        }
        log.info("settings applied: {} configurations, {} changed, {} removed", settings.size(), changed, removed);
    }

    private Configuration configuration(Pid pid) throws IOException {
        return pid.name().isEmpty()
                ? admin.getConfiguration(pid.factory(), ANY_BUNDLE)
                : admin.getFactoryConfiguration(pid.factory(), pid.name(), ANY_BUNDLE);
    }

    private Configuration[] marked() throws IOException {
        try {
            Configuration[] found = admin.listConfigurations("(" + MARK + "=true)");
            return found == null ? new Configuration[0] : found;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is constant", e);
        }
    }

    /** Values stay text: a component's typed settings convert them. */
    private static Dictionary<String, Object> properties(Map<String, String> values) {
        Dictionary<String, Object> properties = new Hashtable<>(values);
        properties.put(MARK, "true");
        return properties;
    }
}
