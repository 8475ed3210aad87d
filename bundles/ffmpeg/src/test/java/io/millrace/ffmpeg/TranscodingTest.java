package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.made;
import static io.millrace.ffmpeg.Codec.one;
import static io.millrace.ffmpeg.Codec.profile;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The core of the pipeline, above either binding. */
class TranscodingTest {

    @Test
    void aLadderKeepsPicturesTimesAndSound() {
        Clip clip = new Clip().frames(60);
        List<Decoded> renditions = made(clip.make(), profile(160, 90, 0), profile(256, 144, 0), profile(160, 90, 30));
        Decoded source = Decoded.of(clip.make());
        for (Decoded rendition : renditions) {
            assertEquals(clip.ticks(), rendition.times());
            assertEquals(source.sound(), rendition.sound());
            assertEquals(2, rendition.streams());
        }
        assertEquals(256, renditions.get(1).frames().getFirst().width());
    }

    @Test
    void aSingleOneIsMade() {
        assertEquals(30, one(new Clip().make(), profile(160, 90, 0)).frames().size());
    }
}
