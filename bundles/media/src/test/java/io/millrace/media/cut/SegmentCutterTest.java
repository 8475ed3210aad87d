package io.millrace.media.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.resource.Budget;
import io.millrace.media.flv.AudioConfig;
import io.millrace.media.flv.VideoConfig;
import io.millrace.testkit.InMemoryBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cutter keeps, and what it does when it may keep nothing. Sound alone, which is cut by its length. */
class SegmentCutterTest implements SegmentCutter.Sink {

    private static final int SECOND = 90_000;

    // an AVCDecoderConfigurationRecord of 160x90 at 30 frames a second
    private static final byte[] CONFIGURATION = HexFormat.of()
            .parseHex("0142c00bffe100186742c00bda0a37e4c044000003000400000300f03c50aa8001000468ce0fc8");

    private final InMemoryBudget budget = InMemoryBudget.ample();
    private final Budget.Charge charge = budget.open("test");
    private final List<CutSegment> segments = new ArrayList<>();
    private final List<Long> chargedWithin = new ArrayList<>();
    private final SegmentCutter cutter =
            new SegmentCutter(CutRule.of(Duration.ofSeconds(2), 8 << 20), false, charge, this);
    private int dropped;

    SegmentCutterTest() {
        cutter.sound(AudioConfig.MP3);
    }

    @Override
    public void segment(CutSegment segment) {
        segments.add(segment);
        chargedWithin.add(budget.used());
    }

    @Override
    public void dropped() {
        dropped++;
    }

    private void sound(long time, int bytes) throws UncuttableStream {
        cutter.sound(time, new byte[bytes], Instant.EPOCH);
    }

    @Test
    void smallFramesAreChargedWithWhatTheyReallyTake() throws Exception {
        for (int i = 0; i < 1000; i++) {
            sound(i, 2);
        }
        assertEquals(1000L * (2 + Budget.PIECE_OVERHEAD), budget.used());
        cutter.finish();
        assertEquals(0, budget.used());
    }

    @Test
    void framesOfASegmentAreBoundedInNumberToo() {
        UncuttableStream refused = assertThrows(UncuttableStream.class, () -> {
            for (int i = 0; i < 1_800_000; i++) {
                sound(0, 2);
            }
        });
        assertTrue(refused.getMessage().startsWith("a segment has more than 100000 "), refused.getMessage());
        cutter.drop();
        assertEquals(0, budget.used());
    }

    @Test
    void aSegmentIsChargedUntilItWasTaken() throws Exception {
        for (int i = 0; i <= 20; i++) {
            sound(i * SECOND / 10, 100);
        }
        assertEquals(1, segments.size());
        assertEquals(segments.getFirst().data().size() + (long) Budget.PIECE_OVERHEAD, chargedWithin.getFirst());
        assertEquals(100 + Budget.PIECE_OVERHEAD, budget.used());
        cutter.breakOff();
        assertEquals(0, budget.used());
    }

    @Test
    void withoutMemoryTheSegmentIsDroppedAndTheNextOneSaysSo() throws Exception {
        sound(0, 100);
        sound(2 * SECOND, 100);
        assertEquals(1, segments.size());
        budget.limit(1000);
        for (int i = 1; i <= 10; i++) {
            sound(2 * SECOND + i, 100);
        }
        assertTrue(dropped > 0);
        budget.limit(1_000_000);
        cutter.drop();
        sound(5 * SECOND, 100);
        sound(7 * SECOND, 100);
        assertEquals(2, segments.size());
        assertFalse(segments.getFirst().discontinuity());
        assertTrue(segments.getLast().discontinuity());
        cutter.finish();
        assertEquals(0, budget.used());
    }

    /**
     * Leading pictures follow a keyframe and are shown before it, so the first segment has fewer pictures than its
     * length asks for.
     */
    @ParameterizedTest
    @CsvSource({"0", "3"})
    void theFrameRateIsThatOfTheStreamWithLeadingPicturesToo(int leading) throws Exception {
        int frame = SECOND / 30;
        SegmentCutter pictures = new SegmentCutter(CutRule.of(Duration.ofSeconds(2), 8 << 20), false, charge, this);
        pictures.pictures(VideoConfig.avc(CONFIGURATION, 0, CONFIGURATION.length));
        int decoded = 0;
        for (int keyframe = 0; keyframe <= 180; keyframe += 60) {
            pictures.picture(true, decoded++ * frame, (keyframe + leading) * frame, new byte[50], Instant.EPOCH);
            for (int shown = keyframe - (keyframe == 0 ? 0 : leading); shown < keyframe + 60 - leading; shown++) {
                if (shown != keyframe) {
                    pictures.picture(false, decoded++ * frame, (shown + leading) * frame, new byte[50], Instant.EPOCH);
                }
            }
        }
        assertEquals(
                List.of(60 - leading, 60, 60),
                segments.stream().map(segment -> segment.info().videoFrames()).toList());
        assertEquals(
                List.of(30.0, 30.0, 30.0),
                segments.stream().map(segment -> segment.info().framesPerSecond()).toList());
        assertEquals(
                List.of(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2)),
                segments.stream().map(CutSegment::duration).toList());
    }

    @Test
    void withoutMemoryForTheWholeItIsDroppedToo() throws Exception {
        budget.limit(20L * (100 + Budget.PIECE_OVERHEAD) + 10);
        for (int i = 0; i < 20; i++) {
            sound(i * SECOND / 10, 100);
        }
        cutter.finish();
        assertEquals(1, dropped);
        assertEquals(List.of(), segments);
        assertEquals(0, budget.used());
    }
}
