package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The framework's configurations, as far as they come from here. */
final class Configurations {

    /** Components do not see it: the dot makes it private. */
    private static final String MARK = ".millrace.settings";

    /** A configuration for whichever bundle asks for it. */
    private static final String ANY_BUNDLE = "?";

    private final ConfigurationAdmin admin;
    private long revision;

    Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** The private property by which a component shows which revision of a configuration it has. */
    static String mark(Pid pid) {
        return MARK + "." + pid;
    }

    /** Makes a configuration hold these values; the number by which a component shows that it has them. */
    long put(Pid pid, Map<String, String> values) {
        revision++;
        Dictionary<String, Object> properties = new Hashtable<>(values);
        properties.put(mark(pid), revision);
        try {
            configuration(pid).update(properties);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return revision;
    }

    void remove(Pid pid) {
        try {
            configuration(pid).delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Configuration configuration(Pid pid) throws IOException {
        return pid.name().isEmpty()
                ? admin.getConfiguration(pid.kind(), ANY_BUNDLE)
                : admin.getFactoryConfiguration(pid.kind(), pid.name(), ANY_BUNDLE);
    }
}
