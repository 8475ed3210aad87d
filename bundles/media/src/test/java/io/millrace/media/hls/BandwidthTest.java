package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BandwidthTest {

    private final Bandwidth bandwidth = new Bandwidth(4);

    private void add(double seconds, long bitsPerSecond) {
        bandwidth.add(Duration.ofMillis((long) (seconds * 1000)), (long) (bitsPerSecond * seconds / 8));
    }

    @Test
    void thePeakIsTheHighestRateOfAboutATargetDuration() {
        add(2, 1_000_000);
        add(2, 3_000_000);
        add(2, 1_000_000);
        assertEquals(3_000_000, bandwidth.peak());
        // half a second alone is too short to count by itself: (3 + 1 + 1) Mbit over 2.5 s
        add(0.5, 9_000_000);
        assertEquals(3_000_000, bandwidth.peak());
    }

    @Test
    void shortSegmentsAreMeasuredTogether() {
        for (int i = 0; i < 20; i++) {
            add(0.5, i == 10 ? 8_000_000 : 1_000_000);
        }
        // one of 4 Mbit and three of half a Mbit in 2 s
        assertEquals(2_750_000, bandwidth.peak());
    }

    @Test
    void aSegmentLongerThanThatCountsByItself() {
        add(10, 2_000_000);
        assertEquals(2_000_000, bandwidth.peak());
        assertEquals(2_000_000, bandwidth.average());
    }

    @Test
    void smallChangesDoNotMoveWhatIsPublished() {
        add(2, 1_000_000);
        long average = bandwidth.average();
        for (int i = 0; i < 50; i++) {
            add(2, 1_050_000);
        }
        assertEquals(average, bandwidth.average());
        for (int i = 0; i < 500; i++) {
            add(2, 500_000);
        }
        assertEquals(560_000, bandwidth.average(), 30_000);
        assertEquals(1_050_000, bandwidth.peak());
    }

    @Test
    void nothingInNoTimeIsNoDivisionByZero() {
        bandwidth.add(Duration.ZERO, 0);
        assertEquals(0, bandwidth.peak());
    }
}
