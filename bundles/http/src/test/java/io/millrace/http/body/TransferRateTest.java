package io.millrace.http.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TransferRateTest {

    private static final int RATE = 1000;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final TransferRate rate = new TransferRate(new BodyLimits(1 << 20, RATE, GRACE, Duration.ofMinutes(5)));
    private Instant now = Instant.EPOCH;

    @Test
    void aSilentPeerHasTheGrace() {
        rate.waits(now);
        assertFalse(tooSlowAfter(GRACE));
        assertTrue(tooSlowAfter(Duration.ofMillis(1)));
    }

    @Test
    void halfTheRateIsEndedOnceItIsTheGraceBehind() {
        int seconds = 0;
        while (!tooSlowAfter(Duration.ofSeconds(1))) {
            move(RATE / 2);
            seconds++;
        }
        // After 19 s it is 9.5 s behind, and the next second makes it 10.5.
        assertEquals(19, seconds);
    }

    @Test
    void theLeastRateIsEnoughForEver() {
        for (int second = 0; second < 10_000; second++) {
            assertFalse(tooSlowAfter(Duration.ofSeconds(1)));
            move(RATE);
        }
    }

    @Test
    void aQuickStartIsNoCreditForALongPause() {
        move(100_000_000);
        assertFalse(tooSlowAfter(GRACE));
        assertTrue(tooSlowAfter(Duration.ofMillis(1)));
    }

    @Test
    void theServersOwnTimeDoesNotCount() {
        rate.waits(now);
        rate.moved(1, now);
        now = now.plus(Duration.ofHours(1));
        rate.waits(now);
        assertFalse(tooSlowAfter(GRACE));
        assertEquals(GRACE, rate.waited(now));
    }

    @Test
    void whatIsUnderWayHasTheTimeThatItMayTake() {
        rate.waits(now);
        now = now.plus(GRACE).plusSeconds(64);
        assertFalse(rate.tooSlow(64 * RATE, now));
        assertTrue(rate.tooSlow(63 * RATE, now));
    }

    @Test
    void noRateAllowsAny() {
        var any = new TransferRate(new BodyLimits(1 << 20, 0, GRACE, Duration.ofMinutes(5)));
        any.waits(now);
        assertFalse(any.tooSlow(0, now.plus(Duration.ofDays(1))));
    }

    private boolean tooSlowAfter(Duration time) {
        rate.waits(now);
        now = now.plus(time);
        return rate.tooSlow(0, now);
    }

    private void move(long bytes) {
        rate.moved(bytes, now);
        rate.waits(now);
    }
}
