package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.ManifestId;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SampleSegments;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The origin is replaced while viewers watch. */
class HandoverTest {

    private static final VideoProfile SMALL =
            VideoProfile.h264("small", 160, 90, 100_000, 30).withFormat(VideoProfile.Container.MPEGTS);
    private static final ManifestId NAME = new ManifestId("movie");
    private static final StreamSpec SPEC = new StreamSpec(NAME, List.of(SMALL), "rtmp", false, 1);
    private static final MediaInfo INFO = SampleSegments.INFO;

    private final InMemoryBudget budget = InMemoryBudget.ample();
    private final ManualClock clock = new ManualClock();
    private final HlsPublisher former = origin();

    private HlsPublisher origin() {
        return new HlsPublisher(PublishedStream.limits(), budget, clock);
    }

    private Segment segment(long sequence) {
        return new Segment(
                sequence,
                PublishedStream.TWO,
                SampleSegments.data((int) (sequence % SampleSegments.COUNT)),
                Optional.empty(),
                clock.instant(),
                sequence == 12);
    }

    private void publish(Publication publication, long sequence) {
        Segment segment = segment(sequence);
        publication.source(segment, INFO);
        // one is lost, so that breaks and gaps are among what is handed on
        publication.renditions(
                segment, sequence == 9 ? List.of() : List.of(new Rendition(SMALL, segment.data())));
    }

    private HlsPublisher successor() {
        HlsPublisher next = origin();
        next.restore(former.state());
        return next;
    }

    private static List<String> shown(HlsPublisher origin) {
        Channel channel = origin.channel(NAME).orElseThrow();
        return List.of(
                channel.master().orElseThrow(),
                channel.media("source").orElseThrow(),
                channel.media("small").orElseThrow(),
                channel.instance(),
                String.valueOf(channel.segment("small", 4, ".ts").map(data -> data.size())));
    }

    @Test
    void aViewerDoesNotNotice() {
        Publication before = former.open(SPEC);
        for (int i = 3; i < 14; i += i == 6 ? 2 : 1) {
            publish(before, i);
        }
        List<String> seen = shown(former);
        HlsPublisher next = successor();
        assertEquals(seen, shown(next));

        Publication after = next.open(SPEC);
        publish(before, 14);
        publish(after, 14);
        assertEquals(shown(former), shown(next));
    }

    /** A target duration that was raised, and a playlist that is longer for it, go on too. */
    @Test
    void aPlaylistThatAPauseMadeLongerGoesOnAsItIs() {
        Publication before = former.open(SPEC);
        for (int i = 0; i < 20; i++) {
            Segment like = segment(i);
            Duration duration = i == 8 ? Duration.ofSeconds(7) : like.duration();
            Segment one = new Segment(i, duration, like.data(), like.clip(), like.wallTime(), false);
            before.source(one, INFO);
            before.renditions(one, List.of(new Rendition(SMALL, one.data())));
        }
        HlsPublisher next = successor();
        assertEquals(shown(former), shown(next));
        Publication after = next.open(SPEC);
        publish(before, 20);
        publish(after, 20);
        assertEquals(shown(former), shown(next));
        assertTrue(shown(next).get(1).contains("#EXT-X-TARGETDURATION:7\n"), shown(next).get(1));
    }

    @Test
    void whatWasToldToThePredecessorIsNotShownTwice() {
        Publication before = former.open(SPEC);
        publish(before, 0);
        before.source(segment(1), INFO);
        HlsPublisher next = successor();
        Publication after = next.open(SPEC);
        publish(after, 0);
        publish(after, 1);
        before.renditions(segment(1), List.of(new Rendition(SMALL, segment(1).data())));
        assertEquals(shown(former), shown(next));
    }

    @Test
    void aStreamOfOtherRenditionsBeginsAnew() {
        publish(former.open(SPEC), 0);
        HlsPublisher next = successor();
        next.open(new StreamSpec(NAME, List.of(), "rtmp", false, 1));
        assertTrue(next.channel(NAME).orElseThrow().master().isEmpty());
    }

    @Test
    void aStreamThatEndedWhileNobodyWasHereEndsSoon() {
        publish(former.open(SPEC), 0);
        HlsPublisher next = successor();
        next.sweep();
        assertTrue(next.channel(NAME).orElseThrow().endedAt().isEmpty());
        clock.advance(Duration.ofSeconds(60));
        next.sweep();
        assertTrue(next.channel(NAME).orElseThrow().endedAt().isPresent());
    }

    @Test
    void anEndedStreamStaysReadableForTheRestOfItsTime() {
        Publication before = former.open(SPEC);
        publish(before, 0);
        before.close();
        clock.advance(Duration.ofSeconds(59));
        HlsPublisher next = successor();
        assertEquals(shown(former), shown(next));
        clock.advance(Duration.ofSeconds(1));
        assertTrue(next.channel(NAME).isEmpty());
    }

    @Test
    void theSuccessorChargesWhatItTakesOverAndTheFormerGivesItBack() {
        Publication before = former.open(SPEC);
        for (int i = 0; i < 5; i++) {
            publish(before, i);
        }
        long held = budget.used();
        assertTrue(held > 0);
        HlsPublisher next = successor();
        assertEquals(2 * held, budget.used());
        former.close();
        assertEquals(held, budget.used());
        publish(before, 5); // a call that was on its way
        assertEquals(held, budget.used());
        publish(next.open(SPEC), 5);
        assertTrue(budget.used() > held);
        next.close();
        assertEquals(0, budget.used());
    }

    @Test
    void ofWhatIsTakenOverTheNewestThatFitsIsKept() {
        Publication before = former.open(SPEC);
        for (int i = 0; i < 5; i++) {
            publish(before, i);
        }
        Map<String, Object> state = former.state();
        former.close();
        budget.limit(3L * (segment(0).data().size() + Budget.PIECE_OVERHEAD));
        HlsPublisher next = origin();
        next.restore(state);
        Channel channel = next.channel(NAME).orElseThrow();
        assertTrue(channel.segment("source", 4, ".ts").isPresent());
        assertTrue(channel.segment("source", 0, ".ts").isEmpty());
        assertTrue(channel.media("source").orElseThrow().contains("#EXT-X-GAP\n"));
        next.close();
        assertEquals(0, budget.used());
    }

    @Test
    void anEstateOfAnotherVersionIsRefusedByItsName() {
        HandoverState.UnreadableStateException no = assertThrows(
                HandoverState.UnreadableStateException.class, () -> origin().restore(Map.of("channels", List.of(Map.of("spec", 7)))));
        assertEquals("spec is a java.lang.Integer", no.getMessage());
    }
}
