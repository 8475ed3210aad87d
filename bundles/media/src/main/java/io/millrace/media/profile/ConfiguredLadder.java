package io.millrace.media.profile;

import io.millrace.api.job.VideoProfile;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default ladder, which comes from the configuration. */
@Component(service = Ladder.class, immediate = true, configurationPid = ConfiguredLadder.PID)
@Designate(ocd = ConfiguredLadder.Settings.class)
public final class ConfiguredLadder implements Ladder {

    static final String PID = "io.millrace.media";

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredLadder.class);

    private volatile List<VideoProfile> profiles;

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
        try {
            profiles = read(settings);
        } catch (InvalidProfile e) {
            LOG.error("{}", e.getMessage());
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Takes changed settings for streams that begin from now on; unusable ones are refused and change nothing. */
    @Modified
    void change(Settings settings) {
        try {
            profiles = read(settings);
        } catch (InvalidProfile e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static List<VideoProfile> read(Settings settings) throws InvalidProfile {
        String text = String.join(",", settings.profiles());
        List<VideoProfile> read;
        try {
            read = List.copyOf(TranscodingOptions.parse(text));
        } catch (InvalidProfile e) {
            throw new InvalidProfile("Setting profiles of " + PID + " cannot be used. " + e.getMessage() + ".");
        }
        for (String name : TranscodingOptions.skipped(text)) {
            LOG.warn(
                    "Setting profiles of {} names no preset {}: skipped. Did you mean {}?",
                    PID,
                    name,
                    ClosestName.to(name, Presets.names()));
        }
        LOG.info(
                "Streams are transcoded into {}",
                read.stream().map(VideoProfile::name).collect(Collectors.joining(", ")));
        return read;
    }

    @Override
    public List<VideoProfile> profiles() {
        return profiles;
    }
}
