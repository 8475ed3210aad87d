package io.millrace.ops.settings;

import io.millrace.ops.Poller;
import io.millrace.ops.status.NodeChecks;
import io.millrace.settings.Launch;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import io.millrace.settings.ShownSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the configuration what the launch named by the system property {@value #PROPERTY} and the files say,
 * and keeps it so: it looks at the files again and again.
 */
@Component(service = {SettingsComponent.class, NodeSettings.class, NodeChecks.class}, immediate = true)
public final class SettingsComponent implements NodeSettings, NodeChecks {

    /** System property with the path of the file that the launcher wrote. */
    static final String PROPERTY = "millrace.launch";

    private static final Logger console = LoggerFactory.getLogger("millrace");
    private static final Logger log = LoggerFactory.getLogger(SettingsComponent.class);

    private final Schemas schemas;
    private final LiveSettings settings;
    private final FolderWatch folders;
    private final LogReaderService logs;
    private final ModifyFailures modifyFailures = new ModifyFailures();
    private final Poller.Task polling;
    private final Optional<Path> data;
    private volatile Object change;
    private Schema seen;
    private Object lastChange;

    @Activate
    public SettingsComponent(
            @Reference Poller poller,
            @Reference ConfigurationAdmin admin,
            @Reference Schemas schemas,
            @Reference ServiceComponentRuntime runtime,
            @Reference LogReaderService logs) {
        this.schemas = schemas;
        this.logs = logs;
        logs.addLogListener(modifyFailures);
        Launch launch = launch(System.getProperty(PROPERTY));
        data = Optional.ofNullable(launch.variables().get("data")).map(Path::of);
        folders = new FolderWatch(
                Stream.of(launch.shipped(), launch.own()).flatMap(Optional::stream).toList());
        settings = new LiveSettings(
                launch,
                schemas,
                new Configurations(admin),
                new ComponentReactions(runtime, modifyFailures),
                console::warn);
        seen = schemas.now();
        settings.start();
        polling = poller.start("the settings", this::look);
    }

    /** The component runtime counts what has changed among components, some seconds late. */
    @Reference
    void bindRuntime(ServiceComponentRuntime runtime, Map<String, Object> properties) {
        change = properties.get(Constants.SERVICE_CHANGECOUNT);
    }

    void updatedRuntime(ServiceComponentRuntime runtime, Map<String, Object> properties) {
        change = properties.get(Constants.SERVICE_CHANGECOUNT);
    }

    @Deactivate
    void stop() {
        polling.close();
        logs.removeLogListener(modifyFailures);
    }

    private static Launch launch(String file) {
        Launch none = Launch.none();
        if (file == null) {
            log.info("no system property {}: the configuration stays as it is", PROPERTY);
            return none;
        }
        try {
            return Launch.read(Path.of(file));
        } catch (IOException e) {
            console.error("settings: cannot use {}: {}; the node has no settings", file, e.toString());
            return none;
        }
    }

    /** The folder of this node's state; empty on a node that was started without one. */
    Optional<Path> data() {
        return data;
    }

    LiveSettings settings() {
        return settings;
    }

    @Override
    public Optional<String> value(String pid, String key) {
        String name = Pid.of(pid) + "." + key;
        return settings.list().stream()
                .filter(setting -> setting.key().equals(name))
                .findFirst()
                .map(ShownSetting::value);
    }

    @Override
    public Optional<String> set(String pid, Map<String, String> values) {
        ChangeResult answer = settings.overrule(Pid.of(pid), values);
        return switch (answer.outcome()) {
            case DONE -> Optional.empty();
            case UNKNOWN, REFUSED -> Optional.of(answer.text());
            case FAILED -> throw new UncheckedIOException(new IOException(answer.text()));
        };
    }

    @Override
    public List<String> cautions() {
        return settings.cautions();
    }

    private void look() {
        Schema declared = schemas.now();
        if (folders.changed() | declared != seen) {
            seen = declared;
            settings.reload();
        }
        Object now = change;
        if (!Objects.equals(now, lastChange)) {
            lastChange = now;
            settings.mend();
        }
    }
}
