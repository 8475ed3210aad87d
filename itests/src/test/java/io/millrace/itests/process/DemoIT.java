package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first thing a newcomer types. */
@Tag("long")
class DemoIT {

    /** One second is meant, and held on an idle machine; the rest is for one with other work. */
    private static final Duration AT_ONCE = Duration.ofSeconds(6);

    @Test
    void theDemoShowsEachSegmentAndEndsWithASummary() {
        Finished demo = Distribution.GPL.run("demo", "--seconds", "8");
        assertEquals(0, demo.exitCode(), demo.said());
        List<String> lines = demo.said().lines().toList();
        assertEquals(4, lines.stream().filter(line -> line.startsWith("segment ")).count(), demo.said());
        assertTrue(lines.stream().anyMatch(line -> line.contains("/player/demo")), demo.said());
        assertTrue(lines.getLast().startsWith("complete: 4 segments"), demo.said());
    }

    @Test
    void theDemoEndsAtOnceWithASummaryAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path said = folder.resolve("said.txt");
        ProcessBuilder builder = new ProcessBuilder(Distribution.GPL.command(List.of("demo")))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        Process demo = builder.start();
        try {
            Await.that("two segments", () -> lines(said).stream().filter(line -> line.startsWith("segment ")).count() >= 2);
            List<ProcessHandle> nodes = demo.descendants().toList();
            long asked = System.nanoTime();
            demo.destroy();
            assertTrue(demo.waitFor(20, TimeUnit.SECONDS), "it ends");
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            assertTrue(took.compareTo(AT_ONCE) < 0, "ended after " + took);
            assertEquals(List.of(), nodes.stream().filter(ProcessHandle::isAlive).toList());
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
        String summary = lines(said).getLast();
        assertTrue(summary.matches("(stopped|complete): [2-9] segments, .* 0 missing.*"), summary);
        assertEquals(List.of(), lines(said).stream().filter(line -> line.contains("xception")).toList());
        try (var left = Files.list(temporary)) {
            assertEquals(List.of(), left.filter(path -> path.toString().contains("millrace")).toList());
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
