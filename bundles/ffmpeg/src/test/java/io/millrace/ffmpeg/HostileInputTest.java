package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.failure;
import static io.millrace.ffmpeg.Codec.one;
import static io.millrace.ffmpeg.Codec.profile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.api.compute.Result;
import io.millrace.api.job.VideoProfile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent is whatever anybody likes to send. */
class HostileInputTest {

    private static final VideoProfile SMALL = profile(160, 90, 30);

    @Test
    void nothingAndSixteenMegabytesOfZeros() {
        assertEquals("TranscoderInvalidVideo", failure(new byte[0], SMALL));
        assertEquals("TranscoderInvalidVideo", failure(new byte[1], SMALL));
        assertEquals("TranscoderInvalidVideo", failure(new byte[16 << 20], SMALL));
    }

    @Test
    void aPlaylistOpensNoAddress() {
        byte[] playlist = "#EXTM3U\n#EXTINF:2,\nhttp://127.0.0.1:9/a.ts\n".getBytes(StandardCharsets.UTF_8);
        assertEquals("TranscoderInvalidVideo", failure(playlist, SMALL));
    }

    /** Each seed damages another place; the result is a rendition that decodes, or a clean failure. */
    @ParameterizedTest
    @ValueSource(strings = {"mpegts", "mp4", "flv", "matroska"})
    void damagedBytesMakeARenditionOrAFailure(String container) {
        byte[] whole = new Clip().start(0).frames(30).bFrames(2).in(container).make();
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            byte[] damaged = whole.clone();
            for (int i = 0; i <= seed; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            settled(Arrays.copyOf(damaged, damaged.length - random.nextInt(damaged.length / 2)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpegts", "mp4", "flv", "matroska"})
    void randomBytesBehindARightBeginningFail(String container) {
        byte[] whole = new Clip().start(0).frames(5).in(container).make();
        for (int seed = 0; seed < 6; seed++) {
            byte[] random = new byte[100_000];
            new Random(seed).nextBytes(random);
            System.arraycopy(whole, 0, random, 0, Math.min(600, whole.length));
            settled(random);
        }
    }

    private static void settled(byte[] segment) {
        Result result = Codec.run(segment, Codec.request(List.of(SMALL, profile(256, 144, 0)), Optional.empty()));
        if (result instanceof Result.Failed failed) {
            String message = failed.failure().message();
            assertFalse(message.isBlank() || message.startsWith("transcoding failed"), message);
        } else {
            Codec.decoded(result);
        }
    }

    @Test
    void aSegmentWithoutKeyframesSaysSo() {
        byte[] segment = new Clip().frames(60).gop(20).withoutKeyframes().make();
        assertEquals("No keyframes in input", failure(segment, SMALL));
    }

    @Test
    void aGapThatARateWouldFillForEverIsARunaway() {
        byte[] segment = new Clip().frames(10).silent().times(i -> i * 3000L + (i == 9 ? 200L * Clip.CLOCK : 0)).make();
        assertEquals("Encoded frames runaway", failure(segment, profile(160, 90, 5)));
        assertEquals(10, one(segment, profile(160, 90, 0)).frames().size());
    }

    @Test
    void moreThanFiveMinutesAreRefused() {
        byte[] five = new Clip().frames(2).silent().times(i -> i * 300L * Clip.CLOCK).make();
        byte[] more = new Clip().frames(2).silent().times(i -> i * 302L * Clip.CLOCK).make();
        byte[] mp4 = new Clip().frames(2).silent().start(0).in("mp4").times(i -> i * 302L * Clip.CLOCK).make();
        assertEquals(2, one(five, profile(160, 90, 0)).frames().size());
        assertEquals("TranscoderInvalidDuration", failure(more, profile(160, 90, 0)));
        assertEquals("TranscoderInvalidDuration", failure(mp4, profile(160, 90, 0)));
    }

    @Test
    void moreThanTenRenditionsAreRefused() {
        VideoProfile[] ten = Collections.nCopies(10, SMALL).toArray(new VideoProfile[0]);
        VideoProfile[] eleven = Collections.nCopies(11, SMALL).toArray(new VideoProfile[0]);
        byte[] segment = new Clip().frames(3).make();
        assertEquals(10, Codec.made(segment, ten).size());
        assertEquals("Too many outputs", failure(segment, eleven));
    }

    @Test
    void whatIsNotEncodedHereIsRefused() {
        byte[] segment = new Clip().frames(3).make();
        VideoProfile p = SMALL;
        VideoProfile hevc = new VideoProfile(
                p.name(), p.width(), p.height(), p.bitrate(), p.fps(), p.fpsDen(), p.format(), p.encoderProfile(),
                p.gop(), VideoProfile.VideoCodec.H265, p.colorDepth(), p.chroma(), p.quality());
        assertEquals("Encoder not found", failure(segment, hevc));
        assertEquals("TranscoderInvalidGOP", failure(segment, Codec.gop(SMALL, -2)));
    }

    /** FFmpeg's parser loses the time of a picture whose SEI comes after it. */
    @Test
    void misplacedSeiCostsNoTimes() {
        byte[] sei = {0, 0, 1, 6, 5, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 65, 66, (byte) 0x80};
        Clip clip = new Clip().frames(30).tamper(picture -> SourceTest.joined(picture, sei));
        assertEquals(clip.ticks(), one(clip.make(), profile(160, 90, 0)).times());
        assertEquals(clip.ticks(), one(clip.make(), SMALL).times());
    }

    /** Each slice makes the decoder work on a whole picture, and nothing stops it within a packet. */
    @ParameterizedTest
    @ValueSource(strings = {"mp4", "matroska", "flv"})
    void aPictureThatIsThereAThousandTimesIsNoVideo(String container) {
        Clip clip = new Clip().start(0).frames(5).silent().in(container);
        byte[] segment = clip.tamper(picture -> repeated(picture, 1000)).make();
        assertEquals("TranscoderInvalidVideo", failure(segment, SMALL));
        assertEquals(5, one(clip.tamper(picture -> repeated(picture, 10)).make(), profile(160, 90, 0))
                .frames()
                .size());
    }

    /** The last slice of a picture so many times more. */
    private static byte[] repeated(byte[] picture, int times) {
        int from = picture.length - 3;
        while (from > 0 && !(picture[from] == 0 && picture[from + 1] == 0 && picture[from + 2] == 1)) {
            from--;
        }
        byte[] slice = Arrays.copyOfRange(picture, from, picture.length);
        return SourceTest.joined(picture, Mp4Boxes.repeated(times, slice));
    }

    @Test
    void aFloodOfEmptyUnitsIsBounded() {
        byte[] flood = new byte[160_000];
        for (int i = 0; i + 4 <= flood.length; i += 4) {
            flood[i + 2] = 1;
            flood[i + 3] = 12;
        }
        settled(new Clip().frames(12).silent().tamper(picture -> SourceTest.joined(picture, flood)).make());
    }
}
