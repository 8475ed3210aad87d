package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.value.ManifestId;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Publisher} bears without throwing: whole segments, gaps, nothing at all, a second life.
 *
 * <pre>{@code
 * class ArchivePublisherTest extends PublisherContract {
 *     @TempDir
 *     Path folder;
 *
 *     protected Publisher publisher() {
 *         return new ArchivePublisher(folder);
 *     }
 * }
 * }</pre>
 */
public abstract class PublisherContract {

    private static final VideoProfile SMALL =
            VideoProfile.h264("small", 160, 90, 100_000, 30).withFormat(VideoProfile.Container.MPEGTS);

    private static final StreamSpec STREAM =
            new StreamSpec(new ManifestId("contract"), List.of(SMALL), "test", false, 1);

    /** The publisher. */
    protected abstract Publisher publisher();

    @Test
    void itTakesSegmentsWithTheirRenditions() {
        try (Publication publication = publisher().open(STREAM)) {
            for (int i = 0; i < SampleSegments.COUNT; i++) {
                Segment segment = SampleSegments.segment(i);
                publication.source(segment, SampleSegments.INFO);
                publication.renditions(segment, List.of(new Rendition(SMALL, segment.data())));
            }
        }
    }

    @Test
    void itTakesSegmentsWhoseRenditionsAreMissing() {
        try (Publication publication = publisher().open(STREAM)) {
            publication.source(SampleSegments.segment(0), SampleSegments.INFO);
            publication.renditions(SampleSegments.segment(0), List.of());
            publication.source(SampleSegments.segment(1), SampleSegments.INFO);
            publication.source(SampleSegments.segment(2), SampleSegments.INFO);
            publication.renditions(SampleSegments.segment(1), List.of());
        }
    }

    @Test
    void aStreamThatNeverHadASegmentEndsToo() {
        assertDoesNotThrow(() -> publisher().open(STREAM).close());
    }

    @Test
    void aStreamOfTheSameNameBeginsAgainAfterItsEnd() {
        Publisher publisher = publisher();
        publisher.open(STREAM).close();
        try (Publication publication = publisher.open(STREAM)) {
            publication.source(SampleSegments.segment(0), SampleSegments.INFO);
        }
    }
}
