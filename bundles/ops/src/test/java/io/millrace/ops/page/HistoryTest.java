package io.millrace.ops.page;

import static io.millrace.ops.Samples.FAR;
import static io.millrace.ops.Samples.NEAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.ops.Samples;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SampleEvents.AttemptFailed;
import io.millrace.testkit.SampleEvents.SessionEnded;
import io.millrace.testkit.SampleEvents.SessionStarted;
import io.millrace.testkit.SampleEvents.StreamEnded;
import io.millrace.testkit.SampleEvents.StreamStarted;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final ManualClock clock = new ManualClock();
    private final History history = new History(clock);

    @Test
    void aSegmentKnowsWhoMadeItAndWhy() {
        history.happened(Samples.selected("abc", 7, FAR, "first try"));
        history.happened(new AttemptFailed(new ManifestId("abc"), 7, FAR, "timeout"));
        history.happened(Samples.selected("abc", 7, NEAR, "the only one left"));
        history.happened(Samples.settled("abc", 7, "transcoded", "", Optional.of(NEAR), 2));
        SegmentRecord segment = only("abc").newest(10).getFirst();
        assertEquals("the only one left", segment.chosenBecause());
        assertEquals(List.of(new SegmentRecord.FailedAttempt(FAR, "timeout")), segment.failures());
    }

    @Test
    void segmentsComeInTheirOrderHoweverTheyWereSettled() {
        for (long sequence : List.of(3L, 1L, 2L)) {
            history.happened(Samples.transcoded("abc", sequence, NEAR));
        }
        assertEquals(List.of(2L, 3L), sequences(only("abc").newest(2)));
    }

    @Test
    void theNewestSegmentsAreKept() {
        for (long sequence = 0; sequence < StreamRecord.SEGMENTS + 5; sequence++) {
            history.happened(Samples.transcoded("abc", sequence, NEAR));
        }
        List<SegmentRecord> kept = only("abc").newest(Integer.MAX_VALUE);
        assertEquals(StreamRecord.SEGMENTS, kept.size());
        assertEquals(5, kept.getFirst().settled().sequence());
    }

    @Test
    void manyStreamsPushTheQuietestOut() {
        history.happened(Samples.started("quiet"));
        history.happened(Samples.started("busy"));
        for (int i = 0; i < History.STREAMS; i++) {
            history.happened(Samples.transcoded("busy", i, NEAR));
            history.happened(Samples.started("stream" + i));
        }
        List<String> names = history.streams(StreamRecord::name);
        assertEquals(History.STREAMS, names.size());
        assertTrue(names.contains("busy"));
        assertTrue(!names.contains("quiet"));
    }

    @Test
    void aNewStreamOfTheSameNameBeginsAnew() {
        history.happened(Samples.transcoded("abc", 1, NEAR));
        history.happened(new StreamEnded(new ManifestId("abc"), 1, 0));
        assertTrue(only("abc").ended().isPresent());
        history.happened(Samples.started("abc"));
        assertTrue(only("abc").ended().isEmpty());
        assertEquals(List.of(), only("abc").newest(10));
    }

    @Test
    void aPublisherThatReturnsGoesOn() {
        history.happened(Samples.transcoded("abc", 1, NEAR));
        history.happened(new StreamStarted(new ManifestId("abc"), "rtmp", Samples.LADDER, true));
        assertEquals(List.of(1L), sequences(only("abc").newest(10)));
    }

    @Test
    void aSessionIsRememberedUntilItEnds() {
        history.happened(new SessionStarted(new SessionId("s1"), new ManifestId("abc")));
        history.happened(Samples.served("s1", 0, Optional.of("Invalid data")));
        assertEquals("abc", history.session("s1").manifest());
        assertEquals(1, history.session("s1").failed());
        history.happened(new SessionEnded(new SessionId("s1"), 1, "idle"));
        assertEquals("", history.session("s1").manifest());
    }

    private StreamRecord only(String name) {
        return history.streams(stream -> stream).stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Long> sequences(List<SegmentRecord> segments) {
        return segments.stream().map(segment -> segment.settled().sequence()).toList();
    }
}
