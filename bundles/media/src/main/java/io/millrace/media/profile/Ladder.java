package io.millrace.media.profile;

import io.millrace.api.job.VideoProfile;
import java.util.List;

/** The renditions of a stream that does not choose its own. */
@FunctionalInterface
public interface Ladder {

    /** At least one; none has its container set, so that it follows the source. */
    List<VideoProfile> profiles();
}
