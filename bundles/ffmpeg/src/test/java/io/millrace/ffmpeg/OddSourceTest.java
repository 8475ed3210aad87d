package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.made;
import static io.millrace.ffmpeg.Codec.one;
import static io.millrace.ffmpeg.Codec.profile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.VideoProfile.Container;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that are right and unusual: nothing of them is lost. */
class OddSourceTest {

    /** Made by FFmpeg 5.1; packets of sound have no time of their own before FFmpeg knows how long they are. */
    @ParameterizedTest
    @ValueSource(strings = {"late.ts", "sixty.ts"})
    void packetsOfSoundWithoutATimeAreGivenTheirs(String file) throws IOException {
        byte[] segment = sample(file);
        int frames = Decoded.of(segment).audio().size();
        for (int fps : new int[] {0, 30}) {
            Decoded rendition = one(segment, profile(160, 90, fps));
            assertEquals(frames, rendition.audio().size());
            assertEvenly(rendition);
        }
    }

    /** The matrix of the track turns its pictures by a quarter; the ffmpeg command makes 90x160 of them. */
    @ParameterizedTest
    @ValueSource(strings = {"MPEGTS", "MP4"})
    void aRotatedSourceMakesUprightRenditions(Container container) throws IOException {
        byte[] segment = sample("rotated.mp4");
        for (Decoded rendition : made(
                segment, profile(160, 90, 0).withFormat(container), profile(320, 180, 30).withFormat(container))) {
            Decoded.Frame frame = rendition.frames().getFirst();
            assertTrue(frame.height() > frame.width(), frame.toString());
        }
    }

    /** As FFmpeg's command chooses them (fftools, ffmpeg_filter.c). */
    @ParameterizedTest
    @CsvSource({
        "1,0,0,1,''", "0,1,-1,0,transpose dir=clock", "0,-1,1,0,transpose dir=cclock", "-1,0,0,-1,hflip vflip",
        "-1,0,0,1,hflip", "1,0,0,-1,vflip", "0,1,1,0,transpose dir=cclock_flip", "0,-1,-1,0,transpose dir=clock_flip"
    })
    void eachQuarterTurnAndMirrorIsDone(int a, int b, int c, int d, String filters) {
        List<String> words = new ArrayList<>();
        int[] matrix = {a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30};
        for (PictureFilters.Step step : Rotation.steps(matrix)) {
            Stream.of(step.name(), step.arguments()).filter(Objects::nonNull).forEach(words::add);
        }
        assertEquals(filters, String.join(" ", words));
    }

    private static byte[] sample(String name) throws IOException {
        try (InputStream in = OddSourceTest.class.getResourceAsStream("/odd/" + name)) {
            return in.readAllBytes();
        }
    }

    private static void assertEvenly(Decoded rendition) {
        for (int i = 1; i < rendition.audio().size(); i++) {
            long step = rendition.audio().get(i).pts() - rendition.audio().get(i - 1).pts();
            assertTrue(step > 1900 && step < 2110, "step " + step + " at " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"30, 0.1", "60, 0.4"})
    void asMuchSoundComesOutAsGoesIn(int fps, double from) {
        Clip clip = new Clip().fps(fps).frames(2 * fps).soundFrom(from);
        byte[] segment = clip.make();
        int frames = Decoded.of(segment).audio().size();
        Decoded rendition = one(segment, profile(160, 90, 30));
        assertEquals(frames, rendition.audio().size());
        assertEvenly(rendition);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSlowSourceFillsAFastProfile(int fps) {
        Decoded rendition = one(new Clip().fps(fps).frames(4 * fps).make(), profile(160, 90, 30));
        assertEquals(120, rendition.frames().size());
    }
}
