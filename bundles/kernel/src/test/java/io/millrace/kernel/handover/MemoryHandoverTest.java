package io.millrace.kernel.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Bytes;
import io.millrace.testkit.ManualClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryHandoverTest {

    private final ManualClock clock = new ManualClock();
    private final List<Runnable> alarms = new ArrayList<>();
    private final MemoryHandover handover = new MemoryHandover(
            (when, task) -> {
                alarms.add(task);
                return () -> {};
            },
            clock);

    @Test
    void theSuccessorTakesWhatWasLeftOnce() {
        handover.leave("hls", Map.of("window", 6, "segments", List.of(Bytes.EMPTY)));
        assertEquals(Map.of("window", 6, "segments", List.of(Bytes.EMPTY)), handover.take("hls"));
        assertEquals(Map.of(), handover.take("hls"));
    }

    @Test
    void whatNobodyTookInTimeIsForgotten() {
        handover.leave("hls", Map.of("window", 6));
        clock.advance(MemoryHandover.KEPT);
        assertEquals(Map.of(), handover.take("hls"));
    }

    @Test
    void theTimeOfEarlierStateDoesNotEndLaterState() {
        handover.leave("hls", Map.of("window", 6));
        clock.advance(Duration.ofSeconds(59));
        handover.leave("hls", Map.of("window", 7));
        clock.advance(Duration.ofSeconds(1));
        alarms.getFirst().run();
        assertEquals(Map.of("window", 7), handover.take("hls"));
    }

    @Test
    void anObjectOfTheBundlesOwnIsRefused() {
        IllegalArgumentException no = assertThrows(
                IllegalArgumentException.class,
                () -> handover.leave("hls", Map.of("deep", List.of(Optional.of(Map.of("own", foreign()))))));
        assertTrue(no.getMessage().startsWith("hls.deep.own"), no.getMessage());
    }

    @Test
    void kindsAreBounded() {
        for (int i = 0; i < MemoryHandover.MOST; i++) {
            handover.leave("kind" + i, Map.of());
        }
        assertThrows(IllegalStateException.class, () -> handover.leave("one more", Map.of()));
        handover.leave("kind0", Map.of("again", true));
    }

    /** An object of a class that another loader than the API's has made, as a bundle's classes are. */
    private static Object foreign() {
        return Proxy.newProxyInstance(
                new ClassLoader() {}, new Class<?>[] {Runnable.class}, (proxy, method, arguments) -> null);
    }
}
