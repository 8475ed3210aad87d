package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.profile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only a part of a segment. */
class ClipTest {

    private static final byte[] SEGMENT = new Clip().frames(60).make();

    private static Result run(int fromMillis, int toMillis, int fps) {
        return Codec.run(
                SEGMENT,
                Codec.request(
                        List.of(profile(160, 90, fps)),
                        Optional.of(new io.millrace.api.job.Clip(
                                Duration.ofMillis(fromMillis), Duration.ofMillis(toMillis)))));
    }

    @ParameterizedTest
    @CsvSource({"0, 1000, 31", "500, 1500, 31", "1000, 0, 30", "0, 0, 60"})
    void picturesOutsideAreDropped(int from, int to, int frames) {
        for (int fps : new int[] {0, 30}) {
            assertEquals(frames, Codec.decoded(run(from, to, fps)).getFirst().frames().size());
        }
    }

    @Test
    void aPartThatBeginsLaterBeginsAtZeroAndSoDoesItsSound() {
        Decoded rendition = Codec.decoded(run(500, 1500, 0)).getFirst();
        assertEquals(0, rendition.times().getFirst());
        assertTrue(rendition.audio().getFirst().pts() < 2000, rendition.audio()::toString);
        assertTrue(rendition.audio().getLast().pts() <= Clip.CLOCK, rendition.audio()::toString);
        assertEquals(47, rendition.audio().size(), 1.0);
    }

    @Test
    void aPartThatOnlyEndsEarlierKeepsItsTimes() {
        assertEquals(10L * Clip.CLOCK, Codec.decoded(run(0, 1000, 0)).getFirst().times().getFirst());
    }

    @Test
    void aPartThatEndsBeforeItBeginsIsRefused() {
        Result.Failed failed = assertInstanceOf(Result.Failed.class, run(1500, 500, 0));
        assertEquals("TranscoderInvalidClipConfig", failed.failure().message());
    }

    @Test
    void aPartWithoutPicturesIsEmpty() {
        Result.Failed failed = assertInstanceOf(Result.Failed.class, run(5000, 6000, 0));
        assertEquals("ZeroSegments", failed.failure().message());
    }
}
