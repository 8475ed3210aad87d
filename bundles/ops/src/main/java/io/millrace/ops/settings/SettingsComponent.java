package io.millrace.ops.settings;

import io.millrace.ops.status.Cautions;
import io.millrace.settings.Launch;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
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
 * and keeps it so: it looks at the files every {@link #PERIOD} and hears of what others change.
 */
@Component(
        service = {SettingsComponent.class, SynchronousConfigurationListener.class, Cautions.class},
        immediate = true)
public final class SettingsComponent implements SynchronousConfigurationListener, Cautions {

    /** System property with the path of the file that the launcher wrote. */
    static final String PROPERTY = "millrace.launch";

    static final Duration PERIOD = Duration.ofMillis(500);

    private static final int SHORT_NAME = 8;
    private static final Logger console = LoggerFactory.getLogger("millrace");
    private static final Logger log = LoggerFactory.getLogger(SettingsComponent.class);

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("millrace-settings").factory());
    private final ConfigurationAdmin admin;
    private final Schemas schemas;
    private final LiveSettings settings;
    private final FolderWatch folders;
    private final LogReaderService logs;
    private final Complaints complaints = new Complaints();
    private Schema seen;

    /** Applies all settings, then begins to look. */
    @Activate
    public SettingsComponent(
            @Reference ConfigurationAdmin admin,
            @Reference Schemas schemas,
            @Reference ServiceComponentRuntime runtime,
            @Reference LogReaderService logs) {
        this.admin = admin;
        this.schemas = schemas;
        this.logs = logs;
        logs.addLogListener(complaints);
        Launch launch = launch(System.getProperty(PROPERTY));
        folders = new FolderWatch(
                Stream.of(launch.shipped(), launch.own()).flatMap(Optional::stream).toList());
        settings = new LiveSettings(
                launch,
                schemas,
                new Configurations(admin),
                new ComponentReactions(runtime, complaints),
                console::info,
                console::warn);
        seen = schemas.now();
        settings.start();
        watch.scheduleWithFixedDelay(this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        logs.removeLogListener(complaints);
        watch.shutdownNow();
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

    /** The settings of this node. */
    LiveSettings settings() {
        return settings;
    }

    @Override
    public List<String> cautions() {
        return settings.cautions();
    }

    /** One look that fails must not be the last one. */
    private void look() {
        try {
            Schema now = schemas.now();
            if (folders.changed() | now != seen) {
                seen = now;
                settings.reload();
            }
        } catch (RuntimeException e) {
            log.error("could not look at the settings; the next look is in {} ms", PERIOD.toMillis(), e);
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (settings.changing()) {
            return;
        }
        try {
            foreign(event);
        } catch (IOException | RuntimeException e) {
            log.error("a change of {} from elsewhere could not be followed", event.getPid(), e);
        }
    }

    private void foreign(ConfigurationEvent event) throws IOException {
        Pid pid = Values.pid(event.getPid(), event.getFactoryPid());
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            settings.foreignDelete(pid);
            return;
        }
        if (event.getType() != ConfigurationEvent.CM_UPDATED) {
            return;
        }
        Configuration configuration = admin.getConfiguration(event.getPid(), "?");
        Map<String, String> given = Values.texts(configuration.getProperties());
        if (event.getPid().equals(pid.toString())) {
            settings.foreign(pid, given);
        } else {
            // Nobody can write a file for a name of 36 digits that changes with each run.
            String name = pid.name().substring(0, Math.min(SHORT_NAME, pid.name().length()));
            settings.foreign(new Pid(pid.kind(), name), given);
            configuration.delete();
        }
    }
}
