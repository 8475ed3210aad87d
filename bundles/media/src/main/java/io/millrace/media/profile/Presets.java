package io.millrace.media.profile;

import io.millrace.api.job.VideoProfile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The network's named profiles (LPMS's table). */
public final class Presets {

    private static final Map<String, VideoProfile> BY_NAME = new LinkedHashMap<>();

    static {
        add("P720p60fps16x9", 1280, 720, 6_000_000, 60);
        add("P720p30fps16x9", 1280, 720, 4_000_000, 30);
        add("P720p25fps16x9", 1280, 720, 3_500_000, 25);
        add("P720p30fps4x3", 960, 720, 3_500_000, 30);
        add("P576p30fps16x9", 1024, 576, 1_500_000, 30);
        add("P576p25fps16x9", 1024, 576, 1_500_000, 25);
        add("P360p30fps16x9", 640, 360, 1_200_000, 30);
        add("P360p25fps16x9", 640, 360, 1_000_000, 25);
        add("P360p30fps4x3", 480, 360, 1_000_000, 30);
        add("P240p30fps16x9", 426, 240, 600_000, 30);
        add("P240p25fps16x9", 426, 240, 600_000, 25);
        add("P240p30fps4x3", 320, 240, 600_000, 30);
        // P144p25fps16x9 exists in LPMS, but its name is not in the table that names are looked up in
        add("P144p30fps16x9", 256, 144, 400_000, 30);
    }

    private Presets() {}

    private static void add(String name, int width, int height, int bitrate, int fps) {
        BY_NAME.put(name, VideoProfile.h264(name, width, height, bitrate, fps));
    }

    /** All names. */
    public static Set<String> names() {
        return Set.copyOf(BY_NAME.keySet());
    }

    /** The preset of this name, case and all. */
    public static Optional<VideoProfile> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The presets of these names in their order; blanks around a name do not count, unknown names are skipped. */
    public static List<VideoProfile> named(Collection<String> names) {
        List<VideoProfile> found = new ArrayList<>();
        for (String name : names) {
            named(name.strip()).ifPresent(found::add);
        }
        return found;
    }
}
