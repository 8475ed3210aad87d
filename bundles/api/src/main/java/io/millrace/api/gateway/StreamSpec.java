package io.millrace.api.gateway;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.ManifestId;
import java.util.List;

/**
 * A stream that wants in.
 *
 * @param manifest its name
 * @param profiles renditions wanted; none means that only the source is published
 * @param origin how it came, for the operator: {@code rtmp} or {@code http}
 * @param slicing the job may ask for a part of a segment
 * @param timeoutMultiplier stretches the time allowed for a segment, at least 1
 */
public record StreamSpec(
        ManifestId manifest, List<VideoProfile> profiles, String origin, boolean slicing, int timeoutMultiplier) {

    /** Copies the profiles. */
    public StreamSpec {
        profiles = List.copyOf(profiles);
        if (timeoutMultiplier < 1) {
            throw new IllegalArgumentException("a time-out multiplier is at least 1");
        }
    }
}
