package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.PublisherContract;
import io.millrace.testkit.SampleSegments;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HlsPublisherTest extends PublisherContract {

    private static final int SIZE = 1000;

    private static final int PIECE = SIZE + Budget.PIECE_OVERHEAD;

    private final InMemoryBudget budget = InMemoryBudget.ample();
    private final ManualClock clock = new ManualClock();

    @Override
    protected Publisher publisher() {
        return new HlsPublisher(PublishedStream.limits(), budget, clock);
    }

    private static StreamSpec spec(String name) {
        return new StreamSpec(new ManifestId(name), List.of(), "rtmp", false, 1);
    }

    private Segment segment(long sequence, int size) {
        return new Segment(
                sequence,
                PublishedStream.TWO,
                Bytes.wrap(new byte[size]),
                Optional.empty(),
                clock.instant(),
                false);
    }

    private HlsPublisher bounded(long bytes) {
        budget.limit(bytes);
        return new HlsPublisher(PublishedStream.limits(), budget, clock);
    }

    @Test
    void anEndedStreamStaysReadableForItsTimeAndNoLonger() {
        HlsPublisher publisher = new HlsPublisher(PublishedStream.limits(), budget, clock);
        Publication publication = publisher.open(spec("movie"));
        publication.source(segment(0, SIZE), SampleSegments.INFO);
        publication.close();
        clock.advance(Duration.ofMillis(59_999));
        publisher.sweep();
        Channel channel = publisher.channel(new ManifestId("movie")).orElseThrow();
        assertTrue(channel.media("source").orElseThrow().endsWith("#EXT-X-ENDLIST\n"));
        assertTrue(channel.segment("source", 0, ".ts").isPresent());
        clock.advance(Duration.ofMillis(1));
        assertTrue(publisher.channel(new ManifestId("movie")).isEmpty());
        publisher.sweep();
        assertEquals(0, budget.used());
    }

    @Test
    void aStreamThatRunsForeverTakesTwoWindows() {
        HlsPublisher publisher = new HlsPublisher(PublishedStream.limits(), budget, clock);
        Publication publication = publisher.open(spec("movie"));
        for (int i = 0; i < 10_000; i++) {
            publication.source(segment(i, SIZE), SampleSegments.INFO);
            assertTrue(budget.used() <= 12L * PIECE);
        }
        assertEquals(12L * PIECE, budget.used());
    }

    @Test
    void whenMemoryIsShortEndedStreamsGoFirst() {
        HlsPublisher publisher = bounded(10L * PIECE);
        Publication ended = publisher.open(spec("ended"));
        for (int i = 0; i < 6; i++) {
            ended.source(segment(i, SIZE), SampleSegments.INFO);
        }
        ended.close();
        Publication running = publisher.open(spec("running"));
        for (int i = 0; i < 5; i++) {
            running.source(segment(i, SIZE), SampleSegments.INFO);
        }
        assertTrue(publisher.channel(new ManifestId("ended")).isEmpty());
        assertEquals(5L * PIECE, budget.used());
    }

    @Test
    void whenMemoryIsShortAStreamGetsShorterItselfAndItsNumbersGoOn() {
        HlsPublisher publisher = bounded(10L * PIECE);
        Publication other = publisher.open(spec("other"));
        for (int i = 0; i < 3; i++) {
            other.source(segment(i, SIZE), SampleSegments.INFO);
        }
        Publication greedy = publisher.open(spec("greedy"));
        for (int i = 0; i < 20; i++) {
            greedy.source(segment(i, SIZE), SampleSegments.INFO);
            assertTrue(budget.used() <= 10L * PIECE);
        }
        Channel shrunk = publisher.channel(new ManifestId("greedy")).orElseThrow();
        assertTrue(shrunk.segment("source", 19, ".ts").isPresent());
        assertTrue(shrunk.segment("source", 16, ".ts").isPresent());
        assertTrue(shrunk.segment("source", 15, ".ts").isEmpty());
        assertTrue(shrunk.media("source").orElseThrow().contains("#EXT-X-MEDIA-SEQUENCE:16\n"));
        Channel untouched = publisher.channel(new ManifestId("other")).orElseThrow();
        assertTrue(untouched.segment("source", 0, ".ts").isPresent());
    }

    @Test
    void aQuarterOfTheMemoryIsLeftToThoseWhoBringStreams() {
        budget.limit(100L * PIECE);
        HlsPublisher publisher = new HlsPublisher(new HlsLimits(1000, 4, Duration.ofHours(1)), budget, clock);
        Publication running = publisher.open(spec("running"));
        for (int i = 0; i < 300; i++) {
            running.source(segment(i, SIZE), SampleSegments.INFO);
        }
        assertEquals(75L * PIECE, budget.used());
        Budget.Charge upload = budget.open("upload");
        assertTrue(upload.add(20L * SIZE));
        running.source(segment(300, SIZE), SampleSegments.INFO);
        assertTrue(budget.used() <= 75L * PIECE, "viewers who are late make way");
        running.close();
        assertTrue(upload.add(10L * SIZE));
        publisher.sweep();
        assertEquals(upload.held(), budget.used());
    }

    @Test
    void aShortPlaylistStaysWhenOthersTakeTheMemory() {
        budget.limit(100L * PIECE);
        HlsPublisher publisher = new HlsPublisher(PublishedStream.limits(), budget, clock);
        assertTrue(budget.open("upload").add(90L * SIZE));
        Publication running = publisher.open(spec("running"));
        for (int i = 0; i < 20; i++) {
            running.source(segment(i, SIZE), SampleSegments.INFO);
        }
        Channel channel = publisher.channel(new ManifestId("running")).orElseThrow();
        assertTrue(channel.media("source").orElseThrow().contains("#EXT-X-MEDIA-SEQUENCE:17\n"));
        assertTrue(channel.segment("source", 17, ".ts").isPresent());
    }

    @Test
    void aSegmentForWhichThereIsNoMemoryIsAGapAndTheStreamGoesOn() {
        HlsPublisher publisher = bounded(10L * PIECE);
        Publication publication = publisher.open(spec("movie"));
        publication.source(segment(0, SIZE), SampleSegments.INFO);
        publication.source(segment(1, 11 * SIZE), SampleSegments.INFO);
        Channel channel = publisher.channel(new ManifestId("movie")).orElseThrow();
        assertTrue(channel.media("source").orElseThrow().contains("#EXT-X-GAP\n"));
        publication.source(segment(2, SIZE), SampleSegments.INFO);
        assertTrue(channel.segment("source", 2, ".ts").isPresent());
        budget.limit(0);
        publication.source(segment(3, SIZE), SampleSegments.INFO);
        assertEquals(0, budget.used());
        budget.limit(10L * PIECE);
        publication.source(segment(4, SIZE), SampleSegments.INFO);
        assertTrue(channel.segment("source", 4, ".ts").isPresent());
    }

    @Test
    void aStreamThatBeginsAnewUnderTheSameNameReplacesTheEarlierOne() {
        HlsPublisher publisher = new HlsPublisher(PublishedStream.limits(), budget, clock);
        Publication first = publisher.open(spec("movie"));
        first.source(segment(7, SIZE), SampleSegments.INFO);
        String instance = publisher.channel(new ManifestId("movie")).orElseThrow().instance();
        Publication second = publisher.open(spec("movie"));
        second.source(segment(0, SIZE), SampleSegments.INFO);
        Channel channel = publisher.channel(new ManifestId("movie")).orElseThrow();
        assertFalse(instance.equals(channel.instance()));
        first.close();
        assertTrue(channel.endedAt().isEmpty());
        assertTrue(channel.segment("source", 7, ".ts").isEmpty());
        assertEquals(PIECE, budget.used());
    }

    @Test
    void changedBoundsHoldAtOnceAndRunningStreamsGoOn() {
        HlsPublisher publisher = new HlsPublisher(PublishedStream.limits(), budget, clock);
        Publication publication = publisher.open(spec("movie"));
        publication.source(segment(0, SIZE), SampleSegments.INFO);
        publisher.limits(new HlsLimits(3, 10, Duration.ZERO));
        Channel channel = publisher.channel(new ManifestId("movie")).orElseThrow();
        assertTrue(channel.media("source").orElseThrow().contains("#EXT-X-TARGETDURATION:2\n"));
        publication.close();
        assertTrue(publisher.channel(new ManifestId("movie")).isEmpty());
    }

    @Test
    void aBoundThatMakesNoSenseIsNamed() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new HlsLimits(2, 4, Duration.ofSeconds(60)));
        assertEquals(
                "Setting window of io.millrace.media.hls is too small: it is at least 3", refused.getMessage());
    }
}
