package io.millrace.media.profile;

import io.millrace.api.job.VideoProfile;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default ladder, from the configuration. */
@Component(service = Ladder.class, configurationPid = ConfiguredLadder.PID)
@Designate(ocd = ConfiguredLadder.Settings.class)
public final class ConfiguredLadder implements Ladder {

    static final String PID = "io.millrace.media";

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredLadder.class);

    private final List<VideoProfile> profiles;

    /** What an operator may set. */
    @ObjectClassDefinition(name = "Millrace media", description = "What streams are transcoded into.")
    public @interface Settings {

        /** Renditions of streams that bring no choice of their own. */
        @AttributeDefinition(
                name = "Profiles",
                description = "Renditions of streams that bring no choice of their own: the path of a file with a JSON"
                        + " array of profiles, or names of presets (such as P720p30fps16x9), as a list or separated"
                        + " by commas. Default P240p30fps16x9,P360p30fps16x9.")
        String[] profiles() default {"P240p30fps16x9", "P360p30fps16x9"};
    }

    /** Reads the settings; without one usable profile the gateway has no ingest, and the log says why. */
    @Activate
    public ConfiguredLadder(Settings settings) {
        String text = String.join(",", settings.profiles());
        try {
            profiles = List.copyOf(TranscodingOptions.parse(text));
        } catch (InvalidProfile e) {
            String message = "Setting profiles of " + PID + " cannot be used. " + e.getMessage();
            LOG.error("{}", message);
            throw new IllegalArgumentException(message, e);
        }
        for (String name : TranscodingOptions.skipped(text)) {
            LOG.warn(
                    "Setting profiles of {} names no preset {}: skipped. Did you mean {}?",
                    PID,
                    name,
                    Nearest.to(name, Presets.names()));
        }
        LOG.info(
                "Streams are transcoded into {}",
                profiles.stream().map(VideoProfile::name).collect(Collectors.joining(", ")));
    }

    @Override
    public List<VideoProfile> profiles() {
        return profiles;
    }
}
