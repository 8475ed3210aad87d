package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicationOrderTest {

    private static final List<Rendition> MADE =
            List.of(new Rendition(GatewayRig.SMALL, GatewayRig.segment(0).data()));

    private final List<String> published = new ArrayList<>();
    private final List<Runnable> alarms = new ArrayList<>();
    private final PublicationOrder order = new PublicationOrder(
            new PublicationOrder.Outlet() {
                @Override
                public void source(Segment segment, MediaInfo info) {
                    published.add("source " + segment.sequence() + (segment.discontinuity() ? " after a gap" : ""));
                }

                @Override
                public void renditions(Segment segment, List<Rendition> renditions) {
                    published.add((renditions.isEmpty() ? "missing " : "made ") + segment.sequence());
                }
            },
            2,
            task -> {
                alarms.add(task);
                return () -> alarms.remove(task);
            });

    private boolean arrives(long number) {
        return order.arrived(GatewayRig.segment(number), GatewayRig.H264);
    }

    private void settled(long number) {
        order.settled(GatewayRig.segment(number), MADE);
    }

    private void ring() {
        List.copyOf(alarms).forEach(alarm -> {
            alarms.remove(alarm);
            alarm.run();
        });
    }

    private void assertPublished(String... lines) {
        assertEquals(List.of(lines), published);
        published.clear();
    }

    @Test
    void sourcesInOrderArePublishedAtOnce() {
        arrives(0);
        arrives(1);
        assertPublished("source 0", "source 1");
    }

    @Test
    void renditionsWaitForThoseOfEarlierSegments() {
        arrives(0);
        arrives(1);
        settled(1);
        assertPublished("source 0", "source 1");
        settled(0);
        assertPublished("made 0", "made 1");
    }

    @Test
    void missingRenditionsAreMarkedInTheirPlace() {
        arrives(0);
        arrives(1);
        order.settled(GatewayRig.segment(0), List.of());
        settled(1);
        assertPublished("source 0", "source 1", "missing 0", "made 1");
    }

    @Test
    void segmentsThatArriveOutOfOrderArePutInOrder() {
        arrives(0);
        arrives(2);
        settled(2);
        arrives(1);
        settled(1);
        settled(0);
        assertPublished("source 0", "source 1", "source 2", "made 0", "made 1", "made 2");
        assertTrue(alarms.isEmpty());
    }

    @Test
    void aStreamThatBeginsOutOfOrderBeginsWithItsFirstSegment() {
        arrives(1);
        assertPublished();
        arrives(0);
        assertPublished("source 0", "source 1");
    }

    @Test
    void aStreamMayBeginWithAnyNumber() {
        arrives(40);
        ring();
        arrives(41);
        assertPublished("source 40", "source 41");
    }

    @Test
    void aNumberThatNeverComesIsPassedOverInTime() {
        arrives(0);
        arrives(2);
        settled(0);
        settled(2);
        assertPublished("source 0", "made 0");
        ring();
        assertPublished("source 2 after a gap", "made 2");
    }

    @Test
    void aNumberThatNeverComesIsPassedOverWhenTooManyWait() {
        arrives(0);
        arrives(2);
        arrives(3);
        assertPublished("source 0");
        arrives(4);
        assertPublished("source 2 after a gap", "source 3", "source 4");
    }

    @Test
    void aSegmentWhosePlaceWasPassedOverIsNotPublished() {
        arrives(0);
        arrives(2);
        ring();
        assertFalse(arrives(1));
        settled(1);
        settled(0);
        settled(2);
        assertPublished("source 0", "source 2 after a gap", "made 0", "made 2");
    }

    @Test
    void aPublisherThatCountsInStepsIsWaitedForTwiceOnly() {
        arrives(0);
        arrives(10);
        ring();
        arrives(20);
        ring();
        published.clear();
        arrives(30);
        arrives(40);
        assertPublished("source 30", "source 40");
    }

    @Test
    void theEndPublishesWhatThereIs() {
        arrives(0);
        arrives(2);
        settled(2);
        order.finish();
        assertPublished("source 0", "source 2 after a gap", "missing 0", "made 2");
        assertTrue(alarms.isEmpty());
    }
}
