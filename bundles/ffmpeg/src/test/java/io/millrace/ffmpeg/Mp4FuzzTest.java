package io.millrace.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Grows the structure of MP4 files at random. Each case follows from its number. {@code -Dmillrace.fuzz.cases=N}
 * runs N cases instead of some seconds of them, and {@code -Dmillrace.fuzz.first=N} begins with another.
 */
class Mp4FuzzTest {

    private static final int CASES = Integer.getInteger("millrace.fuzz.cases", 1500);
    private static final int FIRST = Integer.getInteger("millrace.fuzz.first", 0);
    private static final int LARGEST = 1 << 18;

    /** The demuxer opens so many cases of a hundred. */
    private static final int OPENED = 10;

    @Test
    void aGrownFileIsRefusedOrReadWithinBounds() {
        byte[][] samples = {
            new Clip().start(0).frames(12).bFrames(2).in("mp4").make(),
            new Clip()
                    .start(0)
                    .frames(12)
                    .gop(4)
                    .in("mp4")
                    .muxing("movflags", "frag_keyframe+empty_moov+default_base_moof+dash")
                    .make()
        };
        int inOrder = 0;
        for (int number = FIRST; number < FIRST + CASES; number++) {
            Random random = new Random(number);
            byte[] file = samples[number % samples.length];
            for (int rounds = 1 + random.nextInt(6); rounds > 0 && file.length < LARGEST; rounds--) {
                file = Mp4Boxes.grown(file, random);
            }
            try {
                inOrder += inOrder(file, random.nextInt(100) < OPENED) ? 1 : 0;
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("case " + number, e);
            }
        }
        assertTrue(inOrder > CASES / 10, inOrder + " files were in order");
    }

    private static boolean inOrder(byte[] file, boolean open) {
        try {
            long looked = Mp4TableCheck.looked(file);
            assertTrue(looked <= 2L * file.length, looked + " of " + file.length);
        } catch (CodecError refused) {
            assertEquals(CodecError.INVALID_VIDEO, refused.getMessage());
            return false;
        }
        if (open) {
            try {
                new SegmentInput(file, WorkGuard.none(), null).close();
            } catch (CodecError refused) {
                assertFalse(refused.getMessage().isBlank());
            }
        }
        return true;
    }
}
