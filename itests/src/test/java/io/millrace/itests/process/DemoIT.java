package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first thing a newcomer types. */
@Tag("long")
class DemoIT {

    @Test
    void theDemoShowsEachSegmentAndEndsWithASummary() {
        Finished demo = Distribution.GPL.run("demo", "--seconds", "8");
        assertEquals(0, demo.exitCode(), demo.said());
        List<String> lines = demo.said().lines().toList();
        assertEquals(4, lines.stream().filter(line -> line.startsWith("segment ")).count(), demo.said());
        assertTrue(lines.stream().anyMatch(line -> line.contains("/player/demo")), demo.said());
        assertTrue(lines.getLast().startsWith("complete: 4 segments"), demo.said());
    }
}
