package io.millrace.ops.narrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private final ManualClock clock = new ManualClock();
    private final List<String> out = new ArrayList<>();
    private final Throttle throttle = new Throttle(clock, out::add);

    @Test
    void oneOfMany() {
        for (int i = 0; i < 13; i++) {
            throttle.warn("disk", "disk: slow " + i);
        }
        assertEquals(List.of("disk: slow 0"), out);
        clock.advance(Throttle.WINDOW);
        throttle.tick();
        assertEquals(List.of("disk: slow 0", "disk: and 12 more of these"), out);
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
        clock.advance(Throttle.WINDOW.plus(Duration.ofMillis(1)));
        throttle.warn("a", "a 2");
        assertEquals(List.of("a 1", "a 2"), out);
    }

    @Test
    void thingsWithoutNumberAreForgottenEarlyButCounted() {
        throttle.warn("first", "first");
        throttle.warn("first", "first");
        for (int i = 0; i <= Throttle.THINGS; i++) {
            throttle.warn("thing " + i, "");
        }
        throttle.tick();
        assertEquals(1, out.stream().filter("first: and 1 more of these"::equals).count());
    }
}
