package io.millrace.api.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.ManifestId;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamSpecTest {

    private static final VideoProfile LARGE = VideoProfile.h264("large", 640, 360, 500_000, 30);
    private static final VideoProfile SMALL = VideoProfile.h264("small", 320, 180, 200_000, 30);

    @Test
    void profilesKeepTheirOrder() {
        assertEquals(List.of(LARGE, SMALL), of(LARGE, SMALL).profiles());
        assertEquals(List.of(), of().profiles());
    }

    @Test
    void twoProfilesOfOneNameAreRefusedSinceTheyWouldShareOneAddress() {
        VideoProfile other = VideoProfile.h264("large", 160, 90, 100_000, 30);
        String refused = assertThrows(IllegalArgumentException.class, () -> of(LARGE, SMALL, other)).getMessage();
        assertEquals("two profiles are named 'large': give each a name of its own", refused);
    }

    @Test
    void namesThatDifferInCaseAreTwoNames() {
        assertEquals(2, of(LARGE, VideoProfile.h264("Large", 160, 90, 100_000, 30)).profiles().size());
    }

    @Test
    void aTimeOutIsNeverShortened() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new StreamSpec(new ManifestId("film"), List.of(), "test", false, 0));
    }

    private static StreamSpec of(VideoProfile... profiles) {
        return new StreamSpec(new ManifestId("film"), List.of(profiles), "test", false, 1);
    }
}
