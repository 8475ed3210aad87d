package org.example.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.value.ManifestId;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.PublisherContract;
import io.millrace.testkit.SampleSegments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivePublisherTest extends PublisherContract {

    private static final Segment SEGMENT = SampleSegments.segment(0);

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @Override
    protected Publisher publisher() {
        return new ArchivePublisher(folder, 10_000_000, clock);
    }

    private static Publication open(Publisher publisher, String stream) {
        return publisher.open(new StreamSpec(new ManifestId(stream), List.of(), "test", false, 1));
    }

    private static Rendition rendition(String name) {
        return new Rendition(VideoProfile.h264(name, 160, 90, 100_000, 30), SEGMENT.data());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void sourceAndRenditionsLieSideBySide() throws IOException {
        try (Publication publication = open(publisher(), "mill")) {
            publication.source(SEGMENT, SampleSegments.INFO);
            publication.renditions(SEGMENT, List.of(rendition("small")));
        }
        String start = "mill/20260101T000000.000000Z/";
        assertEquals(List.of(start + "small/0.ts", start + "source/0.ts"), files());
        assertArrayEquals(SEGMENT.data().toArray(), Files.readAllBytes(folder.resolve(start + "small/0.ts")));
    }

    @Test
    void aStreamThatBeginsAgainLeavesTheFirstOneAlone() throws IOException {
        Publisher publisher = publisher();
        for (int i = 0; i < 2; i++) {
            open(publisher, "mill").source(SEGMENT, SampleSegments.INFO);
            clock.advance(Duration.ofMillis(1));
        }
        assertEquals(2, files().size());
    }

    @Test
    void namesThatPointElsewhereStayInTheFolder() throws IOException {
        Publication publication = open(publisher(), "...");
        publication.renditions(SEGMENT, List.of(rendition("../../out")));
        assertEquals(List.of("_.../20260101T000000.000000Z/_.._.._out/0.ts"), files());
    }

    @Test
    void aStreamFillsNoMoreThanItsShare() throws IOException {
        Publication publication = open(new ArchivePublisher(folder, SEGMENT.data().size(), clock), "mill");
        publication.source(SEGMENT, SampleSegments.INFO);
        assertThrows(IllegalStateException.class, () -> publication.source(SEGMENT, SampleSegments.INFO));
        assertEquals(1, files().size());
    }

    @Test
    void aFolderThatDependsOnWhereTheNodeWasStartedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ArchivePublisher(Path.of("archive"), 1, clock));
    }
}
