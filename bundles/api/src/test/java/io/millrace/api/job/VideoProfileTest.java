package io.millrace.api.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class VideoProfileTest {

    private static final VideoProfile P144 = VideoProfile.h264("P144p30fps16x9", 256, 144, 400_000, 30);
    private static final VideoProfile P240 = VideoProfile.h264("P240p30fps16x9", 426, 240, 600_000, 30);

    private static BigInteger pixels(long seconds, VideoProfile... profiles) {
        BigInteger sum = BigInteger.ZERO;
        for (VideoProfile profile : profiles) {
            sum = sum.add(profile.pixels(seconds));
        }
        return sum;
    }

    /** The network's vectors for the estimated fee; seconds are rounded up. */
    @Test
    void pixelsAreEstimatedAsTheNetworkDoesIt() {
        assertEquals(BigInteger.valueOf(2_211_840), pixels(2, P144));
        assertEquals(BigInteger.valueOf(8_346_240), pixels(2, P144, P240));
        assertEquals(BigInteger.valueOf(12_519_360), pixels(3, P144, P240));
        VideoProfile source = VideoProfile.h264("s", 256, 144, 400_000, 0);
        assertEquals(BigInteger.valueOf(15_837_120), pixels(3, source, P240));
    }

    @Test
    void aProfileWithoutANameIsRefusedSinceSignaturesDependOnIt() {
        assertThrows(IllegalArgumentException.class, () -> VideoProfile.h264("", 1, 1, 1, 1));
    }
}
