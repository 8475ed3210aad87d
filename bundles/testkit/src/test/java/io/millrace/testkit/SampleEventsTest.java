package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.value.ManifestId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SampleEventsTest {

    @Test
    void everyKindOfEventHasARecord() {
        Set<Class<?>> made = Arrays.stream(SampleEvents.class.getDeclaredClasses())
                .filter(Class::isRecord)
                .map(record -> record.getInterfaces()[0])
                .collect(Collectors.toSet());
        assertEquals(Set.of(NodeEvent.class.getPermittedSubclasses()), made);
    }

    @Test
    void eventsThatSayTheSameAreEqualAndDoNotChange() {
        List<String> renditions = new ArrayList<>(List.of("small"));
        NodeEvent.StreamStarted event = started(renditions);
        renditions.add("large");
        assertEquals(started(List.of("small")), event);
        assertThrows(UnsupportedOperationException.class, () -> event.renditions().add("large"));
    }

    private static NodeEvent.StreamStarted started(List<String> renditions) {
        return new SampleEvents.StreamStarted(new ManifestId("film"), "rtmp", renditions, false);
    }
}
