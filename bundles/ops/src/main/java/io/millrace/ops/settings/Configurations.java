package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The framework's configurations, as far as they come from here. */
final class Configurations {

    /** Marks what came from here. Components do not see it: the dot makes it private. */
    static final String MARK = ".millrace.settings";

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
        properties.put(MARK, "true");
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

    /** What came from here in an earlier run. */
    List<Pid> marked() {
        List<Pid> pids = new ArrayList<>();
        try {
            Configuration[] found = admin.listConfigurations("(" + MARK + "=true)");
            Arrays.stream(found == null ? new Configuration[0] : found)
                    .forEach(configuration -> pids.add(Pid.of(configuration.getPid())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is constant", e);
        }
        return pids;
    }

    private Configuration configuration(Pid pid) throws IOException {
        return pid.name().isEmpty()
                ? admin.getConfiguration(pid.kind(), ANY_BUNDLE)
                : admin.getFactoryConfiguration(pid.kind(), pid.name(), ANY_BUNDLE);
    }
}
