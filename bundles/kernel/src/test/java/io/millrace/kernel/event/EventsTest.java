package io.millrace.kernel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.node.NodeEvent;
import io.millrace.testkit.RecordingEvents;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static final NodeEvent EVENT = new NodeEvent.JobRefused("CAPPED", "OrchestratorCapped");

    @Test
    void everyListenerHearsOfItThoughOneThrows() {
        Events events = new Events(InstantSource.system());
        RecordingEvents before = new RecordingEvents();
        RecordingEvents after = new RecordingEvents();
        events.bind(before, Map.of());
        events.bind(
                event -> {
                    throw new IllegalStateException("on purpose");
                },
                Map.of());
        events.bind(after, Map.of());
        events.happened(EVENT);
        assertEquals(List.of(EVENT), before.all());
        assertEquals(List.of(EVENT), after.all());
    }

    @Test
    void aListenerThatLeftHearsNothing() {
        Events events = new Events(InstantSource.system());
        RecordingEvents listener = new RecordingEvents();
        events.bind(listener, Map.of());
        events.unbind(listener);
        events.happened(EVENT);
        assertEquals(List.of(), listener.all());
    }
}
