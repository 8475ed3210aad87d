package io.millrace.media.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountedWarningsTest {

    private final List<String> lines = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final CountedWarnings warnings = new CountedWarnings(lines::add, clock);

    @Test
    void whatActsInATerminalIsNotLogged() {
        warnings.warn("name", "Stream a\u009b31m\u001b[0m\r\n is bad");
        assertEquals(List.of("Stream a?31m?[0m?? is bad"), lines);
    }

    @Test
    void theFirstOfAKindIsLoggedAndTheRestIsCountedOnceAMinute() {
        for (int i = 0; i < 13_000; i++) {
            warnings.warn("bad", "bad " + i);
        }
        warnings.warn("worse", "worse");
        assertEquals(List.of("bad 0", "worse"), lines);
        clock.advance(Duration.ofSeconds(59));
        warnings.warn("bad", "bad again");
        assertEquals(2, lines.size());
        clock.advance(Duration.ofSeconds(1));
        warnings.warn("bad", "bad once more");
        assertEquals("bad once more (13000 more of this kind since the last line about it)", lines.getLast());
        clock.advance(Duration.ofMinutes(1));
        warnings.warn("bad", "bad later");
        assertEquals("bad later", lines.getLast());
    }
}
