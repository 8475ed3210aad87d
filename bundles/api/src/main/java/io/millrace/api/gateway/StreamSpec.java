package io.millrace.api.gateway;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.ManifestId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A stream that wants in.
 *
 * @param manifest its name
 * @param profiles renditions wanted, each with a name of its own; none means that only the source is published
 * @param origin how it came, for the operator: {@code rtmp} or {@code http}
 * @param slicing the job may ask for a part of a segment
 * @param timeoutMultiplier stretches the time allowed for a segment, at least 1
 */
public record StreamSpec(
        ManifestId manifest, List<VideoProfile> profiles, String origin, boolean slicing, int timeoutMultiplier) {

    /**
     * Copies the profiles.
     *
     * @throws IllegalArgumentException when two profiles have one name, since it is a rendition's address
     */
    public StreamSpec {
        profiles = List.copyOf(profiles);
        Set<String> names = new HashSet<>();
        for (VideoProfile profile : profiles) {
            if (!names.add(profile.name())) {
                throw new IllegalArgumentException(
                        "two profiles are named '" + profile.name() + "': give each a name of its own");
            }
        }
        if (timeoutMultiplier < 1) {
            throw new IllegalArgumentException("a time-out multiplier is at least 1");
        }
    }
}
