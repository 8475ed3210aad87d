package io.millrace.ops.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningThrottleTest {

    private final ManualClock clock = new ManualClock();
    private final List<String> out = new ArrayList<>();
    private final WarningThrottle throttle = new WarningThrottle(clock, out::add);

    @Test
    void oneOfMany() {
        for (int i = 0; i < 13; i++) {
            throttle.warn("disk", "disk: slow " + i);
        }
        assertEquals(List.of("disk: slow 0"), out);
        clock.advance(WarningThrottle.WINDOW);
        throttle.tick();
        assertEquals(List.of("disk: slow 0", "disk: 12 more since the last line about it"), out);
    }

    @Test
    void differentThingsDoNotHideEachOther() {
        throttle.warn("a", "a");
        throttle.warn("b", "b");
        assertEquals(List.of("a", "b"), out);
    }

    @Test
    void afterTheWindowItIsToldAgain() {
        throttle.warn("a", "a 1");
        clock.advance(WarningThrottle.WINDOW.plus(Duration.ofMillis(1)));
        throttle.warn("a", "a 2");
        assertEquals(List.of("a 1", "a 2"), out);
    }

    @Test
    void whatGoesOnIsOnlyCountedFromThenOn() {
        for (int second = 0; second < 180; second++) {
            throttle.warn("disk", "disk: slow " + second);
            clock.advance(Duration.ofSeconds(1));
        }
        throttle.tick();
        assertEquals(
                List.of(
                        "disk: slow 0",
                        "disk: 59 more since the last line about it",
                        "disk: 60 more since the last line about it",
                        "disk: 60 more since the last line about it"),
                out);
    }

    @Test
    void kindsWithoutNumberAreOneKindTogether() {
        for (int i = 0; i < 13_000; i++) {
            throttle.warn("kind " + i, "kind " + i);
        }
        assertEquals(WarningThrottle.KINDS + 1, out.size());
        clock.advance(WarningThrottle.WINDOW);
        throttle.tick();
        assertEquals("other complaints: 12799 more since the last line about it", out.getLast());
    }
}
